namespace LlamaHost.Chat.Jinja.Values;

/// <summary>Going through values.</summary>
internal static class Iteration
{
    /// <summary>The items of something, as Python's <c>iter</c> gives them.</summary>
    public static IReadOnlyList<object?> Of(object? value) => TryOf(value, out IReadOnlyList<object?> items)
        ? items
        : throw new ChatTemplateException($"'{Describe.TypeOf(value)}' object is not iterable");

    public static bool IsIterable(object? value) => value is Sequence or Dict or Text or Undefined;

    /// <summary>Python's <c>len</c>.</summary>
    public static long Length(object? value) => value switch
    {
        Text text => text.CodePoints,
        Sequence { HasLength: true } sequence => sequence.Count,
        Dict dict => dict.Count,
        Undefined => 0,
        _ => throw new ChatTemplateException($"object of type '{Describe.TypeOf(value)}' has no len()"),
    };

    private static bool TryOf(object? value, out IReadOnlyList<object?> items)
    {
        items = value switch
        {
            Sequence sequence => sequence.Iterate(),
            Dict dict => [.. dict.Keys],
            Text text => [.. text.Characters()],
            _ => [],
        };
        return IsIterable(value);
    }
}
