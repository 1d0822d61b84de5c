using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>The methods of Python's <c>dict</c> that change nothing.</summary>
internal static class DictMethods
{
    /// <summary>Whether dictionaries have a method of that name that would change them.</summary>
    public static bool IsMethod(string name) => name is "clear" or "pop" or "popitem" or "setdefault" or "update";

    /// <summary>A method of a dictionary, or null if there is none of that name.</summary>
    public static Func<Arguments, object?>? Find(Dict dict, string name) => name switch
    {
        "get" => arguments => dict.TryGet(arguments[0, "key"], out object? value) ? value : arguments.Get(1, "default"),
        "keys" => _ => new Sequence(SequenceKind.Keys, [.. dict.Keys]),
        "values" => _ => new Sequence(SequenceKind.Values, [.. dict.Values]),
        "items" => _ => Items(dict),
        "copy" => _ => dict.Copy(),
        "fromkeys" => _ => throw new ChatTemplateException("dict.fromkeys is not supported"),
        _ => null,
    };

    public static Sequence Items(Dict dict) =>
        new(SequenceKind.Items, [.. dict.Entries.Select(entry => Sequence.Tuple(entry.Key, entry.Value))]);
}

/// <summary>The methods of Python's <c>list</c> and <c>tuple</c> that change nothing.</summary>
internal static class SequenceMethods
{
    /// <summary>A method of a sequence, or null if there is none of that name.</summary>
    public static Func<Arguments, object?>? Find(Sequence sequence, string name) => name switch
    {
        "count" when sequence.IsIndexed => arguments => (long)sequence.Items.Count(item => Operators.AreEqual(item, arguments[0, "value"])),
        "index" when sequence.IsIndexed => arguments => IndexOf(sequence, arguments[0, "value"]),
        "copy" when sequence.Kind == SequenceKind.List => _ => Sequence.List(sequence.Items),
        _ => null,
    };

    private static long IndexOf(Sequence sequence, object? value)
    {
        for (int i = 0; i < sequence.Count; i++)
        {
            if (Operators.AreEqual(sequence.Items[i], value))
                return i;
        }
        throw new ChatTemplateException($"{Describe.ReprString(value)} is not in {sequence.TypeName}");
    }
}
