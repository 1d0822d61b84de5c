using System.Text.Json;

namespace LlamaHost.Chat.Jinja.Values;

/// <summary>JSON as values of a template. All its strings, names of properties included, count as the conversation's.</summary>
internal static class JsonValues
{
    public static object? Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => DictOf(element),
        JsonValueKind.Array => Sequence.List(element.EnumerateArray().Select(Of)),
        JsonValueKind.String => Text.OfData(element.GetString()!),
        JsonValueKind.Number => NumberOf(element),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>What JSON text says, or the text itself if it isn't JSON.</summary>
    public static object? OfText(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return Of(document.RootElement);
        }
        catch (JsonException)
        {
            return Text.OfData(text);
        }
    }

    private static Dict DictOf(JsonElement element)
    {
        Dict dict = new();
        foreach (JsonProperty property in element.EnumerateObject())
            dict.Set(Text.OfData(property.Name), Of(property.Value));
        return dict;
    }

    private static object NumberOf(JsonElement element)
    {
        bool isWhole = element.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0;
        if (isWhole && element.TryGetInt64(out long whole))
            return whole;
        return element.GetDouble();
    }
}
