using System.Collections.Immutable;

namespace LlamaHost.Grammars;

/// <summary>A part of a rule: what texts it stands for. Immutable; made by the functions here.</summary>
public abstract record GrammarNode
{
    private protected GrammarNode()
    {
    }

    /// <summary>The empty text.</summary>
    public static GrammarNode Empty { get; } = new SequenceNode([]);

    /// <summary>No text at all, not even the empty one.</summary>
    public static GrammarNode Never { get; } = new ChoiceNode([]);

    /// <summary>Any text.</summary>
    public static GrammarNode Anything { get; } = new RepeatNode(new CharNode(CharSet.Any), 0, null);

    /// <summary>One text.</summary>
    /// <exception cref="GrammarException">It has half a surrogate pair, which no UTF-8 text has.</exception>
    public static GrammarNode Text(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                throw new GrammarException("A text has half a surrogate pair.");
            i++;
        }
        return text.Length == 0 ? Empty : new TextNode(text);
    }

    /// <summary>One character of a set.</summary>
    public static GrammarNode Of(CharSet characters) => new CharNode(characters);

    /// <summary>One token that has no text, such as a control token.</summary>
    /// <param name="id">Its id in the model's vocabulary.</param>
    public static GrammarNode Token(int id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id);
        return new TokenNode(id);
    }

    /// <summary>One part after the other.</summary>
    public static GrammarNode Sequence(params IEnumerable<GrammarNode> parts)
    {
        ImmutableArray<GrammarNode> all = [.. parts.SelectMany(part => part is SequenceNode inner ? inner.Parts : [part])];
        return all.Length == 1 ? all[0] : new SequenceNode(all);
    }

    /// <summary>One of several.</summary>
    public static GrammarNode Choice(params IEnumerable<GrammarNode> options)
    {
        ImmutableArray<GrammarNode> all = [.. options.SelectMany(option => option is ChoiceNode inner ? inner.Options : [option])];
        return all.Length == 1 ? all[0] : new ChoiceNode(all);
    }

    /// <summary>A part several times.</summary>
    /// <param name="part">The part.</param>
    /// <param name="least">Fewest times, 0 or more.</param>
    /// <param name="most">Most times; <see langword="null"/>: any number.</param>
    public static GrammarNode Repeat(GrammarNode part, int least, int? most)
    {
        if (least < 0 || most < least)
            throw new GrammarException($"A repetition from {least} to {most} times is none.");
        if (Math.Max(least, most ?? 0) > GrammarLimits.MaxRepetition)
            throw new GrammarException($"A repetition is bounded by more than {GrammarLimits.MaxRepetition}.");
        return most == 0 ? Empty : (least, most) == (1, 1) ? part : new RepeatNode(part, least, most);
    }

    /// <summary>A part or nothing.</summary>
    public static GrammarNode Optional(GrammarNode part) => Repeat(part, 0, 1);

    /// <summary>What a rule stands for.</summary>
    public static GrammarNode Rule(string name) => new RuleNode(name);
}

internal sealed record TextNode(string Value) : GrammarNode;

internal sealed record TokenNode(int Id) : GrammarNode;

internal sealed record CharNode(CharSet Characters) : GrammarNode;

internal sealed record SequenceNode(ImmutableArray<GrammarNode> Parts) : GrammarNode;

internal sealed record ChoiceNode(ImmutableArray<GrammarNode> Options) : GrammarNode;

internal sealed record RepeatNode(GrammarNode Part, int Least, int? Most) : GrammarNode;

internal sealed record RuleNode(string Name) : GrammarNode;
