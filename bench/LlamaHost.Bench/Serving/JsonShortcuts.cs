using System.Text.Json;

namespace LlamaHost.Bench.Serving;

/// <summary>What all dialects do with JSON.</summary>
internal static class JsonShortcuts
{
    /// <summary>Writes an array of token ids.</summary>
    public static void WriteTokens(this Utf8JsonWriter body, string name, int[] tokens)
    {
        body.WriteStartArray(name);
        foreach (int token in tokens)
            body.WriteNumberValue(token);
        body.WriteEndArray();
    }

    /// <summary>A count; 0 where it is missing.</summary>
    public static int Int(this JsonElement holder, string name) => holder.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : 0;
}
