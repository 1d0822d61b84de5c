using System.Text;

namespace LlamaHost.Grammars.Matching;

/// <summary>
/// Makes a network of a grammar. Nodes are made from the end of a rule to its beginning, and equal ones are shared, so that common endings are one.
/// </summary>
internal sealed class NetworkBuilder
{
    // Copies of a repeated part that are made without a rule of its own for it.
    private const int MostCopies = 4;

    private readonly Grammar _grammar;
    private readonly List<NetworkNode> _nodes = [];
    private readonly List<ByteSet> _sets = [];
    private readonly Dictionary<NetworkNode, int> _shared = [];
    private readonly Dictionary<ByteSet, int> _setNumbers = [];
    private readonly List<Func<int>> _rules = [];
    private readonly Dictionary<string, int> _ruleNumbers = new(StringComparer.Ordinal);
    private readonly Dictionary<CharSet, int> _characterRules = [];
    private readonly List<int> _starts = [];
    private readonly HashSet<int> _tokens = [];

    private NetworkBuilder(Grammar grammar) => _grammar = grammar;

    public static Network Build(Grammar grammar)
    {
        var builder = new NetworkBuilder(grammar);
        builder.End = builder.Node(NodeKind.End, 0, 0);
        builder.RuleNumber(Grammar.Root);
        // Rules are found while others are built.
        for (int rule = 0; rule < builder._rules.Count; rule++)
            builder._starts.Add(builder._rules[rule]());
        return new Network([.. builder._nodes], [.. builder._sets], [.. builder._starts], builder._tokens);
    }

    private int End { get; set; }

    /// <summary>The node where matching of a part begins that goes on at <paramref name="next"/>.</summary>
    private int Build(GrammarNode node, int next)
    {
        switch (node)
        {
            case TextNode text:
                return Take(Encoding.UTF8.GetBytes(text.Value), next);
            case TokenNode token:
                _tokens.Add(token.Id);
                return Take(TokenCode.Of(token.Id), next);
            case CharNode characters:
                return Take(characters.Characters, next);
            case SequenceNode sequence:
                for (int part = sequence.Parts.Length - 1; part >= 0; part--)
                    next = Build(sequence.Parts[part], next);
                return next;
            case ChoiceNode choice:
                return Choose(choice, next);
            case RepeatNode repeat:
                return Repeat(repeat, next);
            case RuleNode rule:
                return Node(NodeKind.Call, RuleNumber(rule.Name), next);
            default:
                throw new ArgumentOutOfRangeException(nameof(node), node, null);
        }
    }

    private int Choose(ChoiceNode choice, int next)
    {
        byte[][] texts = [.. choice.Options.OfType<TextNode>().Select(text => Encoding.UTF8.GetBytes(text.Value))];
        List<int> ways = [];
        if (texts.Length > 0)
        {
            // Sorted, texts with a common beginning stand together.
            Array.Sort(texts, (left, right) => left.AsSpan().SequenceCompareTo(right));
            ways.Add(TakeOne(texts, 0, next));
        }
        ways.AddRange(choice.Options.Where(option => option is not TextNode).Select(option => Build(option, next)));
        return Split(ways);
    }

    private int TakeOne(ReadOnlySpan<byte[]> texts, int from, int next)
    {
        int common = from + texts[0].AsSpan(from).CommonPrefixLength(texts[^1].AsSpan(from));
        List<int> ways = [];
        int first = 0;
        if (texts[0].Length == common)
        {
            ways.Add(next);
            while (first < texts.Length && texts[first].Length == common)
                first++;
        }
        while (first < texts.Length)
        {
            int last = first;
            while (last + 1 < texts.Length && texts[last + 1][common] == texts[first][common])
                last++;
            ReadOnlySpan<byte[]> group = texts[first..(last + 1)];
            ways.Add(group.Length == 1 ? Take(group[0].AsSpan(common), next) : TakeOne(group, common, next));
            first = last + 1;
        }
        return Take(texts[0].AsSpan(from..common), Split(ways));
    }

    private int Repeat(RepeatNode repeat, int next)
    {
        GrammarNode part = repeat.Part;
        bool isLarge = part is not (CharNode or RuleNode) && Math.Max(repeat.Least, repeat.Most ?? 0) > MostCopies;
        int rule = isLarge ? AddRule(() => Build(part, End)) : -1;
        if (repeat.Most is not { } most)
        {
            // The loop comes back to a node that is there before what it goes round.
            int loop = _nodes.Count;
            _nodes.Add(default);
            _nodes[loop] = new NetworkNode(NodeKind.Split, One(loop), next);
            next = loop;
        }
        else
        {
            int after = next;
            for (int count = repeat.Least; count < most; count++)
                next = Node(NodeKind.Split, One(next), after);
        }
        for (int count = 0; count < repeat.Least; count++)
            next = One(next);
        return next;

        int One(int then) => isLarge ? Node(NodeKind.Call, rule, then) : Build(part, then);
    }

    private int Take(ReadOnlySpan<byte> bytes, int next)
    {
        for (int place = bytes.Length - 1; place >= 0; place--)
            next = Take(ByteSet.Of(bytes[place]), next);
        return next;
    }

    private int Take(ByteSet set, int next)
    {
        if (!_setNumbers.TryGetValue(set, out int number))
        {
            _setNumbers.Add(set, number = _sets.Count);
            _sets.Add(set);
        }
        return Node(NodeKind.Take, number, next);
    }

    private int Take(CharSet characters, int next)
    {
        CharSet ascii = characters.And(CharSet.Range(0, 0x7F));
        CharSet others = characters.Except(ascii);
        List<int> ways = [];
        if (!ascii.IsEmpty)
            ways.Add(Take(ascii.Ranges.Select(range => ByteSet.Range(range.First, range.Last)).Aggregate((one, other) => one | other), next));
        if (!others.IsEmpty)
            ways.Add(Node(NodeKind.Call, CharacterRule(others), next));
        return Split(ways);
    }

    // Characters of several bytes are a rule for each set of them: they take many nodes, and the same sets are asked for over and over.
    private int CharacterRule(CharSet characters)
    {
        if (_characterRules.TryGetValue(characters, out int rule))
            return rule;
        rule = AddRule(() => Take([.. characters.Ranges.SelectMany(range => Utf8Ranges.Of(range.First, range.Last))], 0, End));
        _characterRules.Add(characters, rule);
        return rule;
    }

    private int Take(ReadOnlySpan<(byte First, byte Last)[]> sequences, int place, int next)
    {
        if (place == sequences[0].Length)
            return next;
        var ways = new Dictionary<int, ByteSet>();
        for (int first = 0, last; first < sequences.Length; first = last)
        {
            (byte First, byte Last) range = sequences[first][place];
            for (last = first + 1; last < sequences.Length && sequences[last][place] == range;)
                last++;
            int then = Take(sequences[first..last], place + 1, next);
            ways[then] = ways.GetValueOrDefault(then) | ByteSet.Range(range.First, range.Last);
        }
        return Split([.. ways.Select(way => Take(way.Value, way.Key))]);
    }

    private int Split(List<int> ways)
    {
        if (ways.Count == 0)
            return Node(NodeKind.Never, 0, 0);
        int split = ways[^1];
        for (int way = ways.Count - 2; way >= 0; way--)
        {
            if (ways[way] != split)
                split = Node(NodeKind.Split, ways[way], split);
        }
        return split;
    }

    private int AddRule(Func<int> build)
    {
        _rules.Add(build);
        return _rules.Count - 1;
    }

    private int RuleNumber(string name)
    {
        if (!_ruleNumbers.TryGetValue(name, out int number))
            _ruleNumbers.Add(name, number = AddRule(() => Build(_grammar.Rules[name], End)));
        return number;
    }

    private int Node(NodeKind kind, int a, int b)
    {
        var node = new NetworkNode(kind, a, b);
        if (_shared.TryGetValue(node, out int number))
            return number;
        if (_nodes.Count >= GrammarLimits.MaxNodes)
            throw new GrammarException($"The grammar unrolls to more than {GrammarLimits.MaxNodes} nodes.");
        _shared.Add(node, number = _nodes.Count);
        _nodes.Add(node);
        return number;
    }
}
