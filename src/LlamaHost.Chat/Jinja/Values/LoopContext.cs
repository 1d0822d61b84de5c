namespace LlamaHost.Chat.Jinja.Values;

/// <summary>The variable <c>loop</c>.</summary>
internal sealed class LoopContext(IReadOnlyList<object?> items, int depth, Func<object?, Text>? recurse)
{
    private object?[]? _last;

    /// <summary>The turn's number, from 0.</summary>
    public int Index0 { get; set; }

    /// <summary>An attribute, or null if there is none of that name.</summary>
    public object? Attribute(string name) => name switch
    {
        "index" => Index0 + 1L,
        "index0" => (long)Index0,
        "revindex" => (long)items.Count - Index0,
        "revindex0" => items.Count - Index0 - 1L,
        "first" => Index0 == 0,
        "last" => Index0 == items.Count - 1,
        "length" => (long)items.Count,
        "depth" => depth + 1L,
        "depth0" => (long)depth,
        "previtem" => Index0 > 0 ? items[Index0 - 1] : new Undefined("there is no previous item"),
        "nextitem" => Index0 + 1 < items.Count ? items[Index0 + 1] : new Undefined("there is no next item"),
        "cycle" => new Function("cycle", Cycle),
        "changed" => new Function("changed", HasChanged),
        _ => Undefined.Member(this, Text.OfTemplate(name)),
    };

    public object? Recurse(Arguments arguments) =>
        recurse is null
            ? throw new ChatTemplateException("The loop must have the 'recursive' marker to be called recursively.")
            : recurse(arguments[0, "iterable"]);

    private object? Cycle(Arguments arguments) =>
        arguments.Count > 0 ? arguments.Positional[Index0 % arguments.Count] : throw new ChatTemplateException("no items for cycling given");

    private object? HasChanged(Arguments arguments)
    {
        object?[] now = [.. arguments.Positional];
        bool isSame = _last is not null && _last.Length == now.Length && _last.Zip(now).All(pair => Operators.AreEqual(pair.First, pair.Second));
        _last = now;
        return !isSame;
    }
}
