using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlamaHost.Server.OpenAi.Embeddings;

/// <summary>A vector of length 1 (L2), as numbers or as base64 of 32-bit floats, little-endian.</summary>
/// <param name="Values">Its numbers.</param>
/// <param name="IsBase64">How it is written.</param>
[JsonConverter(typeof(EmbeddingVectorConverter))]
public readonly record struct EmbeddingVector(IReadOnlyList<float> Values, bool IsBase64)
{
    /// <summary>The first numbers of a longer vector, scaled to length 1.</summary>
    internal static float[] Shorten(float[] values, int dimensions)
    {
        if (dimensions == values.Length)
            return values;
        float[] first = values[..dimensions];
        double norm = Math.Sqrt(first.Sum(value => (double)value * value));
        // Nothing but zeros has no direction, and stays so.
        return norm > 0 ? [.. first.Select(value => (float)(value / norm))] : first;
    }
}

/// <summary>JSON of vectors.</summary>
internal sealed class EmbeddingVectorConverter : JsonConverter<EmbeddingVector>
{
    public override EmbeddingVector Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            byte[] bytes = reader.GetBytesFromBase64();
            var values = new float[bytes.Length / sizeof(float)];
            for (int i = 0; i < values.Length; i++)
                values[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float)));
            return new EmbeddingVector(values, IsBase64: true);
        }
        List<float> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            numbers.Add(reader.GetSingle());
        return new EmbeddingVector(numbers, IsBase64: false);
    }

    public override void Write(Utf8JsonWriter writer, EmbeddingVector value, JsonSerializerOptions options)
    {
        if (value.IsBase64)
        {
            var bytes = new byte[value.Values.Count * sizeof(float)];
            for (int i = 0; i < value.Values.Count; i++)
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), value.Values[i]);
            writer.WriteBase64StringValue(bytes);
            return;
        }
        writer.WriteStartArray();
        foreach (float number in value.Values)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }
}
