using System.Text.Json.Serialization.Metadata;

namespace LlamaHost.Server.Streaming;

/// <summary>
/// Server-sent events that have data and nothing else, for clients that look at lines which begin with <c>data:</c>. Silence is broken by comments.
/// </summary>
internal sealed class DataEventWriter(HttpResponse response) : EventWriter(response, StreamNegotiation.ServerSentEvents)
{
    /// <inheritdoc/>
    public override void Write<T>(string name, T value, JsonTypeInfo<T> type) => Write(value, type);

    /// <summary>Writes one event.</summary>
    public void Write<T>(T value, JsonTypeInfo<T> type)
    {
        WriteRaw("data: "u8);
        WriteJson(value, type);
        WriteRaw("\n\n"u8);
    }

    /// <summary>Writes an event whose data is no JSON.</summary>
    /// <param name="data">One line of text.</param>
    public void WriteText(ReadOnlySpan<byte> data)
    {
        WriteRaw("data: "u8);
        WriteRaw(data);
        WriteRaw("\n\n"u8);
    }

    /// <inheritdoc/>
    public override void WriteHeartbeat() => WriteRaw(": still working\n\n"u8);

    // The headers alone say that the request is admitted: simple clients expect data in the first line.
    /// <inheritdoc/>
    protected override void WriteOpening()
    {
    }
}
