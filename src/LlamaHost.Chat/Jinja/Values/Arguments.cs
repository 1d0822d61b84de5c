namespace LlamaHost.Chat.Jinja.Values;

/// <summary>What a call, filter or test is given.</summary>
internal sealed class Arguments(Rendering rendering, IReadOnlyList<object?> positional, IReadOnlyDictionary<string, object?> named)
{
    public static IReadOnlyDictionary<string, object?> NoNames { get; } = new Dictionary<string, object?>();

    public Rendering Rendering => rendering;

    public IReadOnlyList<object?> Positional => positional;

    public IReadOnlyDictionary<string, object?> Named => named;

    public int Count => positional.Count;

    /// <summary>The argument at a place or of a name.</summary>
    public object? this[int index, string name]
    {
        get => TryGet(index, name, out object? value)
            ? value
            : throw new ChatTemplateException($"missing required argument: '{name}' (pos {index + 1})");
    }

    public bool TryGet(int index, string name, out object? value)
    {
        if (index < positional.Count)
        {
            value = positional[index];
            return true;
        }
        return named.TryGetValue(name, out value);
    }

    public object? Get(int index, string name, object? otherwise = null) => TryGet(index, name, out object? value) ? value : otherwise;

    public bool IsSet(int index, string name, bool otherwise = false) =>
        TryGet(index, name, out object? value) ? Describe.IsTrue(value) : otherwise;

    public Text Text(int index, string name) =>
        this[index, name] as Text ?? throw new ChatTemplateException($"argument '{name}' must be str, not {Describe.TypeOf(this[index, name])}");

    public int Int(int index, string name, int otherwise) =>
        TryGet(index, name, out object? value) && value is not null ? Operators.ToInt(value) : otherwise;

    /// <summary>The arguments after the first ones, such as those that <c>map</c> hands to its filter.</summary>
    public Arguments Skip(int count) => new(rendering, [.. positional.Skip(count)], named);
}
