using System.Globalization;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>Filters that pick items or parts of them.</summary>
internal static class SelectFilters
{
    public static object? End(Arguments arguments, bool isLast)
    {
        object? value = arguments[0, "seq"];
        // Python can't reverse what a lazy filter yields.
        if (isLast && value is Sequence { HasLength: false })
            throw new ChatTemplateException("'generator' object is not reversible");
        IReadOnlyList<object?> items = Iteration.Of(value);
        return items.Count > 0
            ? items[isLast ? ^1 : 0]
            : new Undefined($"No {(isLast ? "last" : "first")} item, sequence was empty.");
    }

    public static object? Items(Arguments arguments) => arguments[0, "value"] switch
    {
        Dict dict => Sequence.Generator(DictMethods.Items(dict).Items),
        Undefined => Sequence.Generator([]),
        _ => throw new ChatTemplateException("Can only get item pairs from a mapping."),
    };

    public static object? Map(Arguments arguments)
    {
        IReadOnlyList<object?> items = Describe.IsTrue(arguments[0, "value"]) ? Iteration.Of(arguments[0, "value"]) : [];
        if (arguments.Count == 1 && arguments.Named.TryGetValue("attribute", out object? attribute))
        {
            object? otherwise = arguments.Named.GetValueOrDefault("default");
            return Sequence.Generator(items.Select(item => Part(arguments.Rendering, item, attribute, otherwise)));
        }
        if (arguments.Count < 2)
            throw new ChatTemplateException("map requires a filter argument");
        string filter = arguments.Text(1, "filter").Value;
        Arguments rest = arguments.Skip(2);
        return Sequence.Generator(items.Select(
            item => Filters.Apply(filter, new Arguments(arguments.Rendering, [item, .. rest.Positional], rest.Named))));
    }

    public static object? Select(Arguments arguments, bool wanted, bool byAttribute)
    {
        object? value = arguments[0, "value"];
        int first = byAttribute ? 2 : 1;
        if (byAttribute && arguments.Count < 2)
            throw new ChatTemplateException("Missing parameter for attribute name");
        string? test = arguments.Count > first ? arguments.Text(first, "test").Value : null;
        Arguments rest = arguments.Skip(first + 1);
        IReadOnlyList<object?> items = Describe.IsTrue(value) ? Iteration.Of(value) : [];
        return Sequence.Generator(items.Where(item => Holds(item) == wanted));

        bool Holds(object? item)
        {
            arguments.Rendering.Budget.Step();
            object? part = byAttribute ? Part(arguments.Rendering, item, arguments.Positional[1]) : item;
            return test is null
                ? Describe.IsTrue(part)
                : Tests.Apply(test, new Arguments(arguments.Rendering, [part, .. rest.Positional], rest.Named));
        }
    }

    public static object? Reverse(Arguments arguments)
    {
        if (arguments[0, "value"] is Text text)
            return Slices.Slice(arguments.Rendering, text, null, null, -1);
        return Sequence.Generator(Iteration.Of(arguments[0, "value"]).Reverse());
    }

    /// <summary>A part of an item, given by a number or by names with dots between them. The default replaces each that is missing.</summary>
    public static object? Part(Rendering rendering, object? item, object? attribute, object? otherwise = null)
    {
        rendering.Budget.Step();
        if (attribute is null)
            return item;
        if (attribute is not Text path)
            return Present(Members.GetItem(rendering, item, attribute));
        foreach (string name in path.Value.Split('.'))
        {
            bool isNumber = long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out long index);
            item = Present(Members.GetItem(rendering, item, isNumber ? index : Text.OfTemplate(name)));
        }
        return item;

        object? Present(object? value) => value is Undefined && otherwise is not null ? otherwise : value;
    }
}
