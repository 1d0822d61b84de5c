using System.Text.RegularExpressions;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Syntax;

/// <summary>Cuts a template into tokens, as Jinja's lexer does with <c>trim_blocks</c> and <c>lstrip_blocks</c>.</summary>
internal sealed partial class Lexer
{
    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _position;
    private int _line = 1;
    private bool _startsLine = true;

    private Lexer(string source) => _source = source;

    public static List<Token> Tokenize(string source)
    {
        // One line break at the end is dropped, and all others are made alike.
        string text = Newlines().Replace(source, "\n");
        var lexer = new Lexer(text.EndsWith('\n') ? text[..^1] : text);
        lexer.ReadTemplate();
        lexer.Add(TokenKind.End, "");
        return lexer._tokens;
    }

    private void ReadTemplate()
    {
        while (_position < _source.Length)
        {
            int tag = FindTag(_position);
            if (tag < 0)
            {
                AddData(_source[_position..]);
                return;
            }
            string text = _source[_position..tag];
            char kind = _source[tag + 1];
            char sign = tag + 2 < _source.Length && _source[tag + 2] is '-' or '+' ? _source[tag + 2] : ' ';
            AddData(StripBefore(text, kind, sign));
            _line += text.AsSpan().Count('\n') - StripBefore(text, kind, sign).AsSpan().Count('\n');
            _position = tag + (sign == ' ' ? 2 : 3);
            switch (kind)
            {
                case '#':
                    SkipTo(CommentEnd(), "Missing end of comment tag");
                    break;
                case '{':
                    Add(TokenKind.VariableBegin, "{{");
                    ReadCode(VariableEnd(), TokenKind.VariableEnd);
                    break;
                case '%' when RawBegin().Match(_source, _position) is { Success: true } raw:
                    Advance(raw.Length);
                    ReadRaw();
                    break;
                default:
                    Add(TokenKind.BlockBegin, "{%");
                    ReadCode(BlockEnd(), TokenKind.BlockEnd);
                    break;
            }
            _startsLine = _source[_position - 1] == '\n';
        }
    }

    private int FindTag(int from)
    {
        for (int i = from; (i = _source.IndexOf('{', i)) >= 0 && i + 1 < _source.Length; i++)
        {
            if (_source[i + 1] is '{' or '%' or '#')
                return i;
        }
        return -1;
    }

    private string StripBefore(string text, char kind, char sign)
    {
        if (sign == '-')
            return text.AsSpan().TrimEnd(PythonText.Whitespace).ToString();
        if (sign == '+' || kind == '{')
            return text;
        int start = text.LastIndexOf('\n') + 1;
        return (start > 0 || _startsLine) && text.AsSpan(start).Trim(PythonText.Whitespace).IsEmpty ? text[..start] : text;
    }

    private void ReadRaw()
    {
        Match end = RawEnd().Match(_source, _position);
        if (!end.Success)
            throw Error("Missing end of raw directive");
        string text = _source[_position..end.Index];
        char sign = end.Groups[1].Value is [char one] ? one : ' ';
        _startsLine = false;
        AddData(StripBefore(text, '%', sign));
        _position = end.Index + end.Length;
    }

    private void ReadCode(Regex endTag, TokenKind endKind)
    {
        Stack<char> open = [];
        while (true)
        {
            if (_position >= _source.Length)
                throw Error("unexpected end of template");
            if (open.Count == 0 && endTag.Match(_source, _position) is { Success: true } end)
            {
                Add(endKind, end.Value);
                Advance(end.Length);
                return;
            }
            ReadToken(open);
        }
    }

    private void ReadToken(Stack<char> open)
    {
        if (Space().Match(_source, _position) is { Success: true } space)
            Advance(space.Length);
        else if (Number().Match(_source, _position) is { Success: true } number)
            Take(number.Groups["float"].Success ? TokenKind.Float : TokenKind.Integer, number.Value);
        else if (Name().Match(_source, _position) is { Success: true } name)
            Take(TokenKind.Name, name.Value);
        else if (Quoted().Match(_source, _position) is { Success: true } quoted)
        {
            Add(TokenKind.Text, StringLiteral.Read(quoted.Value[1..^1]));
            Advance(quoted.Length);
        }
        else if (Operator().Match(_source, _position) is { Success: true } found)
        {
            Balance(open, found.Value[0]);
            Take(TokenKind.Operator, found.Value);
        }
        else
        {
            throw Error($"unexpected char {Describe.Quoted(_source[_position].ToString())} at {_position}");
        }
    }

    private void Balance(Stack<char> open, char c)
    {
        if (c is '(' or '[' or '{')
            open.Push(c switch { '(' => ')', '[' => ']', _ => '}' });
        else if (c is ')' or ']' or '}' && (!open.TryPop(out char expected) || expected != c))
            throw Error($"unexpected '{c}'");
    }

    private void SkipTo(Regex end, string failure)
    {
        Match match = end.Match(_source, _position);
        if (!match.Success)
            throw Error(failure);
        Advance(match.Index + match.Length - _position);
    }

    private void Take(TokenKind kind, string value)
    {
        Add(kind, value);
        Advance(value.Length);
    }

    private void Advance(int length)
    {
        _line += _source.AsSpan(_position, length).Count('\n');
        _position += length;
    }

    private void AddData(string text)
    {
        if (text.Length > 0)
            Add(TokenKind.Data, text);
        _line += text.AsSpan().Count('\n');
    }

    private void Add(TokenKind kind, string value) => _tokens.Add(new Token(kind, value, _line));

    private ChatTemplateException Error(string message) => new($"{message} (line {_line})");

    [GeneratedRegex(@"\r\n|\r|\n")]
    private static partial Regex Newlines();

    [GeneratedRegex(@"\G\s*raw\s*(?:-%}\s*|%})")]
    private static partial Regex RawBegin();

    [GeneratedRegex(@"{%([-+]?)\s*endraw\s*(?:\+%}|-%}\s*|%}\n?)")]
    private static partial Regex RawEnd();

    [GeneratedRegex(@"(?:\+#}|-#}\s*|#}\n?)")]
    private static partial Regex CommentEnd();

    [GeneratedRegex(@"\G(?:\+%}|-%}\s*|%}\n?)")]
    private static partial Regex BlockEnd();

    [GeneratedRegex(@"\G(?:-}}\s*|}})")]
    private static partial Regex VariableEnd();

    [GeneratedRegex(@"\G\s+")]
    private static partial Regex Space();

    [GeneratedRegex(
        @"\G(?:(?<float>(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+))"
        + @"|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?[0-9])*|0(?:_?0)*)")]
    private static partial Regex Number();

    [GeneratedRegex(@"\G[\p{L}_][\w]*")]
    private static partial Regex Name();

    [GeneratedRegex("""\G(?:'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*")""", RegexOptions.Singleline)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\G(?://|\*\*|==|!=|>=|<=|[-+/*%~\[\](){}><=.:|,;])")]
    private static partial Regex Operator();
}
