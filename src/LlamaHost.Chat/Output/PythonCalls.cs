using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlamaHost.Chat.Output;

/// <summary>Reads calls as Python writes them: <c>[f(a=1, b=["x", None]), g()]</c>.</summary>
internal sealed class PythonCalls
{
    private const int Deepest = 64;

    private readonly string _source;
    private int _at;
    private int _depth;

    private PythonCalls(string source) => _source = source;

    /// <summary>The calls and their arguments as JSON, or null if the text is none.</summary>
    public static IReadOnlyList<(string Name, string Arguments)>? Read(string source)
    {
        var reader = new PythonCalls(source);
        try
        {
            return reader.ReadList();
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private List<(string, string)> ReadList()
    {
        List<(string, string)> calls = [];
        Expect('[');
        while (!TryTake(']'))
        {
            if (calls.Count > 0)
                Expect(',');
            string name = ReadName(withDots: true);
            calls.Add((name, ReadArguments()));
        }
        SkipSpace();
        return _at == _source.Length && calls.Count > 0 ? calls : throw new FormatException();
    }

    private string ReadArguments()
    {
        StringBuilder json = new("{");
        Expect('(');
        for (bool isFirst = true; !TryTake(')'); isFirst = false)
        {
            if (!isFirst)
            {
                Expect(',');
                if (TryTake(')'))
                    break;
                json.Append(", ");
            }
            json.Append(Quote(ReadName(withDots: false))).Append(": ");
            Expect('=');
            ReadValue(json);
        }
        return json.Append('}').ToString();
    }

    private void ReadValue(StringBuilder json)
    {
        if (++_depth > Deepest)
            throw new FormatException();
        switch (Peek())
        {
            case '[':
                ReadItems(json, '[', ']', '[', ']', withKeys: false);
                break;
            case '(':
                ReadItems(json, '(', ')', '[', ']', withKeys: false);
                break;
            case '{':
                ReadItems(json, '{', '}', '{', '}', withKeys: true);
                break;
            case '\'' or '"':
                json.Append(Quote(ReadString()));
                break;
            default:
                json.Append(ReadWord());
                break;
        }
        _depth--;
    }

    private void ReadItems(StringBuilder json, char open, char close, char jsonOpen, char jsonClose, bool withKeys)
    {
        Expect(open);
        json.Append(jsonOpen);
        for (bool isFirst = true; !TryTake(close); isFirst = false)
        {
            if (!isFirst)
            {
                Expect(',');
                if (TryTake(close))
                    break;
                json.Append(", ");
            }
            if (withKeys)
            {
                SkipSpace();
                json.Append(Quote(ReadString())).Append(": ");
                Expect(':');
            }
            ReadValue(json);
        }
        json.Append(jsonClose);
    }

    private string ReadWord()
    {
        SkipSpace();
        int start = _at;
        while (_at < _source.Length && (char.IsAsciiLetterOrDigit(_source[_at]) || _source[_at] is '+' or '-' or '.' or '_'))
            _at++;
        string word = _source[start.._at];
        switch (word)
        {
            case "True" or "true":
                return "true";
            case "False" or "false":
                return "false";
            case "None" or "null":
                return "null";
        }
        string number = word.Replace("_", "", StringComparison.Ordinal);
        JsonScanner scanner = new();
        return number.Length > 0 && $"[{number}]".All(scanner.Push) && scanner.IsDone ? number : throw new FormatException();
    }

    private string ReadString()
    {
        char quote = Peek();
        if (quote is not ('\'' or '"'))
            throw new FormatException();
        int start = ++_at;
        while (_at < _source.Length && _source[_at] != quote)
            _at += _source[_at] == '\\' ? 2 : 1;
        if (_at >= _source.Length)
            throw new FormatException();
        try
        {
            return Jinja.Syntax.StringLiteral.Read(_source[start.._at++]);
        }
        catch (ChatTemplateException)
        {
            throw new FormatException();
        }
    }

    private string ReadName(bool withDots)
    {
        SkipSpace();
        int start = _at;
        while (_at < _source.Length && (char.IsLetterOrDigit(_source[_at]) || _source[_at] is '_' or '-' || withDots && _source[_at] == '.'))
            _at++;
        return _at > start && !char.IsAsciiDigit(_source[start]) ? _source[start.._at] : throw new FormatException();
    }

    private char Peek()
    {
        SkipSpace();
        return _at < _source.Length ? _source[_at] : throw new FormatException();
    }

    private bool TryTake(char c)
    {
        if (Peek() != c)
            return false;
        _at++;
        return true;
    }

    private void Expect(char c)
    {
        if (!TryTake(c))
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{c} expected at {_at}"));
    }

    private void SkipSpace()
    {
        while (_at < _source.Length && char.IsWhiteSpace(_source[_at]))
            _at++;
    }

    private static string Quote(string text) =>
        "\"" + JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping) + "\"";
}
