using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>Filters that need an order or tell equal items.</summary>
internal static class SortFilters
{
    public static object? Sort(Arguments arguments)
    {
        bool isSensitive = arguments.IsSet(2, "case_sensitive");
        object? attribute = arguments.Get(3, "attribute");
        return Sequence.List(Sorted(
            Iteration.Of(arguments[0, "value"]), item => Keys(arguments.Rendering, item, attribute, isSensitive), arguments.IsSet(1, "reverse")));
    }

    public static object? DictSort(Arguments arguments)
    {
        if (arguments[0, "value"] is not Dict dict)
            throw new ChatTemplateException($"'{Describe.TypeOf(arguments[0, "value"])}' object has no attribute 'items'");
        bool isSensitive = arguments.IsSet(1, "case_sensitive");
        int place = (arguments.Get(2, "by") as Text)?.Value switch
        {
            null or "key" => 0,
            "value" => 1,
            _ => throw new ChatTemplateException("You can only sort by either \"key\" or \"value\""),
        };
        return Sequence.List(Sorted(
            DictMethods.Items(dict).Items, item => Folded(((Sequence)item!).Items[place], isSensitive), arguments.IsSet(3, "reverse")));
    }

    public static object? Unique(Arguments arguments)
    {
        Dict seen = new();
        List<object?> items = [];
        foreach (object? item in Iteration.Of(arguments[0, "value"]))
        {
            object? key = Folded(SelectFilters.Part(arguments.Rendering, item, arguments.Get(2, "attribute")), arguments.IsSet(1, "case_sensitive"));
            if (seen.Contains(key))
                continue;
            seen.Set(key, null);
            items.Add(item);
        }
        return Sequence.Generator(items);
    }

    public static object? Extreme(Arguments arguments, bool wantsLargest)
    {
        bool isSensitive = arguments.IsSet(1, "case_sensitive");
        object? attribute = arguments.Get(2, "attribute");
        IReadOnlyList<object?> items = Iteration.Of(arguments[0, "value"]);
        if (items.Count == 0)
            return new Undefined("No aggregated item, sequence was empty.");
        return items.Aggregate((best, item) =>
        {
            int order = Operators.Order(Key(item), Key(best), wantsLargest ? ">" : "<");
            return (wantsLargest ? order > 0 : order < 0) ? item : best;
        });

        object? Key(object? item) => Folded(SelectFilters.Part(arguments.Rendering, item, attribute), isSensitive);
    }

    /// <summary>A stable sort, also in reverse.</summary>
    public static IEnumerable<object?> Sorted(IReadOnlyList<object?> items, Func<object?, object?> key, bool isReversed = false)
    {
        Comparer<object?> order = Comparer<object?>.Create((left, right) => Operators.Order(left, right));
        return isReversed ? items.OrderByDescending(key, order) : items.OrderBy(key, order);
    }

    /// <summary>Text in lower case unless case counts.</summary>
    public static object? Folded(object? value, bool isSensitive) =>
        !isSensitive && value is Text text ? text.Map(characters => characters.ToLowerInvariant()) : value;

    private static object? Keys(Rendering rendering, object? item, object? attribute, bool isSensitive)
    {
        if (attribute is not Text { Value: var names } || !names.Contains(','))
            return Folded(SelectFilters.Part(rendering, item, attribute), isSensitive);
        return Sequence.List(
            names.Split(',').Select(name => Folded(SelectFilters.Part(rendering, item, Text.OfTemplate(name)), isSensitive)));
    }
}
