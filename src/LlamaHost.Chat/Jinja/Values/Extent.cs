namespace LlamaHost.Chat.Jinja.Values;

/// <summary>
/// How large a value is with all that is in it. Values that refer to the same part twice could be far larger than the memory they take.
/// </summary>
/// <param name="Size">Values in it, itself included.</param>
/// <param name="Depth">Containers within containers.</param>
internal readonly record struct Extent(long Size, int Depth)
{
    private const long Largest = 4_000_000;
    private const int Deepest = 200;

    /// <summary>The extent of any value.</summary>
    public static Extent Of(object? value) => value switch
    {
        Sequence sequence => sequence.Extent,
        Dict dict => dict.Extent,
        _ => new Extent(1, 0),
    };

    /// <summary>A container's extent with one more item.</summary>
    /// <exception cref="ChatTemplateException">It would be too large to go through.</exception>
    public Extent With(object? item)
    {
        Extent part = Of(item);
        Extent whole = new(Size + part.Size, Math.Max(Depth, part.Depth + 1));
        return whole.Size <= Largest && whole.Depth <= Deepest
            ? whole
            : throw new ChatTemplateException($"The template makes a value with more than {Largest} parts or more than {Deepest} deep.");
    }
}
