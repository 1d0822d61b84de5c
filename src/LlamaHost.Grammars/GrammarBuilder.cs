namespace LlamaHost.Grammars;

/// <summary>Puts a grammar together from parts: texts, JSON schemas, regular expressions.</summary>
/// <example>
/// A call of one of several tools:
/// <c>builder.Build(Choice(tools.Select(tool =&gt; Sequence(Text(tool.Prefix), builder.JsonSchema(tool.Schema), Text("}")))))</c>.
/// </example>
public sealed partial class GrammarBuilder
{
    private readonly Dictionary<string, GrammarNode> _rules = new(StringComparer.Ordinal);
    private long _nodes;

    /// <summary>The grammar whose whole text is the part.</summary>
    public Grammar Build(GrammarNode root) =>
        new(new Dictionary<string, GrammarNode>(_rules, StringComparer.Ordinal) { [Grammar.Root] = root });

    /// <summary>A new rule.</summary>
    /// <param name="hint">What its name begins with: letters, digits and hyphens.</param>
    /// <param name="node">What it stands for.</param>
    /// <returns>The rule, to be used in parts.</returns>
    internal GrammarNode Define(string hint, GrammarNode node)
    {
        string name = Reserve(hint);
        Fill(name, node);
        return GrammarNode.Rule(name);
    }

    /// <summary>A name for a rule that comes later.</summary>
    internal string Reserve(string hint)
    {
        if (_rules.Count >= GrammarLimits.MaxRules)
            throw new GrammarException($"The grammar needs more than {GrammarLimits.MaxRules} rules.");
        string name = $"{hint}-{_rules.Count}";
        _rules.Add(name, GrammarNode.Never);
        return name;
    }

    /// <summary>Says what a reserved name stands for.</summary>
    internal void Fill(string name, GrammarNode node) => _rules[name] = node;

    /// <summary>Takes note of work that grows with what was asked for.</summary>
    /// <exception cref="GrammarException">It is too much.</exception>
    internal void Spend(int nodes)
    {
        _nodes += nodes;
        if (_nodes > GrammarLimits.MaxNodes)
            throw new GrammarException("The grammar becomes too large.");
    }
}
