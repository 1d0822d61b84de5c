using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlamaHost.Chat.Output;

/// <summary>Makes JSON of the text between a parameter's marks.</summary>
/// <param name="sink">Gets the JSON.</param>
internal sealed class ElementValue(EventSink sink)
{
    private readonly StringBuilder _text = new();
    private JsonTypes _types;
    private bool _isFirst;

    /// <summary>A parameter begins.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="types">What its value may be.</param>
    public void Begin(string key, JsonTypes types)
    {
        (_types, _isFirst) = (types, true);
        _text.Clear();
        sink.Arguments($"{Quoted(key)}: {(_types == JsonTypes.Text ? "\"" : "")}");
    }

    /// <summary>More of its text.</summary>
    public void Add(string text)
    {
        foreach (char c in text)
        {
            // One line break before the text and one behind it belong to the marks.
            bool isMark = _isFirst && c == '\n';
            _isFirst = false;
            if (!isMark)
                _text.Append(c);
        }
        if (_types != JsonTypes.Text)
            return;
        int certain = _text.Length;
        // A line break may be the last one, and half a character waits for its other half.
        if (certain > 0 && (_text[^1] == '\n' || char.IsHighSurrogate(_text[^1])))
            certain--;
        sink.Arguments(Escaped(_text.ToString(0, certain)));
        _text.Remove(0, certain);
    }

    /// <summary>Its text has ended.</summary>
    public void End()
    {
        string text = _text.ToString();
        if (text.EndsWith('\n'))
            text = text[..^1];
        sink.Arguments(_types == JsonTypes.Text ? Escaped(text) + '"' : ToJson(text));
    }

    private string ToJson(string text)
    {
        string trimmed = text.Trim();
        string json = trimmed switch
        {
            "True" => "true",
            "False" => "false",
            "None" => "null",
            _ => trimmed,
        };
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonTypes type = ParameterTypes.Of(document.RootElement);
            // A text that says 5 where numbers are not allowed is a text; what must not be a text stays what it is.
            bool isMeant = _types == JsonTypes.Unknown ? type != JsonTypes.Text : _types.HasFlag(type) || !_types.HasFlag(JsonTypes.Text);
            if (isMeant)
                return json;
        }
        catch (JsonException)
        {
            // It is a text.
        }
        return Quoted(text);
    }

    private static string Quoted(string text) => $"\"{Escaped(text)}\"";

    private static string Escaped(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
}
