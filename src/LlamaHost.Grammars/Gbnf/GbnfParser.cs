namespace LlamaHost.Grammars.Gbnf;

/// <summary>
/// Reads GBNF. Source: llama.cpp's <c>grammars/README.md</c> and <c>llama_grammar_parser</c>, but tokens are named by their ids alone, and not
/// negated.
/// </summary>
internal sealed class GbnfParser
{
    private readonly GbnfScanner _scanner;
    private readonly Dictionary<string, GrammarNode> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _firstUses = new(StringComparer.Ordinal);
    private int _nesting;

    private GbnfParser(string text) => _scanner = new GbnfScanner(text);

    public static Grammar Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > GrammarLimits.MaxText)
            throw new GrammarException($"The grammar has {text.Length} characters; at most {GrammarLimits.MaxText} are allowed.");
        var parser = new GbnfParser(text);
        parser.ReadRules();
        return new Grammar(parser._rules);
    }

    private void ReadRules()
    {
        _scanner.SkipSpace(lineEnds: true);
        while (!_scanner.IsAtEnd)
            ReadRule();
        foreach ((string name, int position) in _firstUses)
        {
            if (!_rules.ContainsKey(name))
                throw _scanner.Error($"There is no rule {name}.", position);
        }
        if (!_rules.ContainsKey(Grammar.Root))
            throw new GrammarException($"The grammar has no rule {Grammar.Root}, which the whole text would match.");
    }

    private void ReadRule()
    {
        int start = _scanner.Position;
        string name = _scanner.Name();
        if (_rules.ContainsKey(name))
            throw _scanner.Error($"There is a rule {name} already.", start);
        _scanner.SkipSpace(lineEnds: false);
        if (!_scanner.StartsWith("::="))
            throw _scanner.Error("::= is expected here.");
        _scanner.Skip(3);
        _scanner.SkipSpace(lineEnds: true);
        _rules.Add(name, ReadChoice(isNested: false));
        if (!_scanner.IsAtEnd && _scanner.Current is not ('\r' or '\n'))
            throw _scanner.Error("A rule ends with its line; this stands behind its end.");
        _scanner.SkipSpace(lineEnds: true);
    }

    private GrammarNode ReadChoice(bool isNested)
    {
        List<GrammarNode> options = [ReadSequence(isNested)];
        while (_scanner.Current == '|')
        {
            _scanner.Skip();
            _scanner.SkipSpace(lineEnds: true);
            options.Add(ReadSequence(isNested));
        }
        return GrammarNode.Choice(options);
    }

    private GrammarNode ReadSequence(bool isNested)
    {
        List<GrammarNode> parts = [];
        while (!_scanner.IsAtEnd)
        {
            char next = _scanner.Current;
            if (next is '*' or '+' or '?' or '{')
            {
                if (parts.Count == 0)
                    throw _scanner.Error("There is nothing before this to repeat.");
                parts[^1] = ReadRepetition(parts[^1], next);
            }
            else if (ReadPart() is { } part)
            {
                parts.Add(part);
            }
            else
            {
                break;
            }
            _scanner.SkipSpace(isNested);
        }
        // Not flattened: a repetition that follows would take a part of what it belongs to.
        return parts.Count == 1 ? parts[0] : GrammarNode.Sequence(parts);
    }

    private GrammarNode? ReadPart()
    {
        char next = _scanner.Current;
        if (next == '"')
            return ReadText();
        if (next == '[')
            return ReadSet();
        if (next == '(')
            return ReadGroup();
        if (next == '<')
            return ReadToken();
        if (next == '!')
            throw _scanner.Error("Negated tokens are not supported.");
        if (next == '.')
        {
            _scanner.Skip();
            return GrammarNode.Of(CharSet.Any);
        }
        if (!GbnfScanner.IsNamePart(next))
            return null;
        int start = _scanner.Position;
        string name = _scanner.Name();
        _firstUses.TryAdd(name, start);
        return GrammarNode.Rule(name);
    }

    private GrammarNode ReadText()
    {
        _scanner.Skip();
        var text = new System.Text.StringBuilder();
        while (_scanner.Current != '"' || _scanner.IsAtEnd)
            text.Append(new System.Text.Rune(_scanner.Character()));
        _scanner.Skip();
        return GrammarNode.Text(text.ToString());
    }

    private GrammarNode ReadToken()
    {
        if (!_scanner.StartsWith("<["))
            throw _scanner.Error("A token is written <[id]> here, with its id; write the text of those that have one.");
        _scanner.Skip(2);
        int id = _scanner.Number();
        if (!_scanner.StartsWith("]>"))
            throw _scanner.Error("]> is expected here.");
        _scanner.Skip(2);
        return GrammarNode.Token(id);
    }

    private GrammarNode ReadSet()
    {
        _scanner.Skip();
        bool isNegated = _scanner.Current == '^';
        if (isNegated)
            _scanner.Skip();
        List<CharSet> ranges = [];
        while (_scanner.Current != ']' || _scanner.IsAtEnd)
        {
            int first = _scanner.Character();
            int last = first;
            if (_scanner.Current == '-' && !_scanner.StartsWith("-]"))
            {
                _scanner.Skip();
                int position = _scanner.Position;
                last = _scanner.Character();
                if (last < first)
                    throw _scanner.Error("A range of characters ends before it begins.", position);
            }
            ranges.Add(CharSet.Range(first, last));
        }
        _scanner.Skip();
        var set = CharSet.Union(ranges);
        return GrammarNode.Of(isNegated ? set.Not() : set);
    }

    private GrammarNode ReadGroup()
    {
        int start = _scanner.Position;
        if (++_nesting > GrammarLimits.MaxNesting)
            throw _scanner.Error($"Parentheses are nested deeper than {GrammarLimits.MaxNesting}.");
        _scanner.Skip();
        _scanner.SkipSpace(lineEnds: true);
        GrammarNode group = ReadChoice(isNested: true);
        if (_scanner.Current != ')')
            throw _scanner.IsAtEnd
                ? _scanner.Error("This parenthesis is not closed.", start) : _scanner.Error("This can't stand within parentheses.");
        _scanner.Skip();
        _nesting--;
        return group;
    }

    private GrammarNode ReadRepetition(GrammarNode part, char kind)
    {
        int start = _scanner.Position;
        _scanner.Skip();
        (int least, int? most) = kind switch
        {
            '*' => (0, null),
            '+' => (1, (int?)null),
            '?' => (0, 1),
            _ => ReadBounds(),
        };
        if (most < least)
            throw _scanner.Error("A repetition's upper bound is below its lower one.", start);
        return GrammarNode.Repeat(part, least, most);
    }

    private (int Least, int? Most) ReadBounds()
    {
        _scanner.SkipSpace(lineEnds: false);
        int least = _scanner.Current == ',' ? 0 : _scanner.Number();
        int? most = least;
        _scanner.SkipSpace(lineEnds: false);
        if (_scanner.Current == ',')
        {
            _scanner.Skip();
            _scanner.SkipSpace(lineEnds: false);
            most = _scanner.Current == '}' ? null : _scanner.Number();
            _scanner.SkipSpace(lineEnds: false);
        }
        if (_scanner.Current != '}')
            throw _scanner.Error("} is expected here.");
        _scanner.Skip();
        return (least, most);
    }
}
