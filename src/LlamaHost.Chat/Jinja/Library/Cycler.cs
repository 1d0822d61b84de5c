using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>What <c>cycler()</c> makes: it gives its items in turn.</summary>
internal sealed class Cycler(IReadOnlyList<object?> items)
{
    private int _place;

    public bool TryGetAttribute(string name, out object? value)
    {
        value = name switch
        {
            "current" => items[_place],
            "next" => new Function("next", _ => Next()),
            "reset" => new Function("reset", _ => Reset()),
            _ => null,
        };
        return value is not null || name == "current";
    }

    private object? Next()
    {
        object? item = items[_place];
        _place = (_place + 1) % items.Count;
        return item;
    }

    private object? Reset()
    {
        _place = 0;
        return null;
    }
}
