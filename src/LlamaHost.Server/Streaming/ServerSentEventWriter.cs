using System.Globalization;
using System.Text.Unicode;
using System.Text.Json.Serialization.Metadata;

namespace LlamaHost.Server.Streaming;

/// <summary>
/// Server-sent events (HTML standard, 9.2), numbered from 1. Silence is broken by comments, which clients skip; the first of them comes at once.
/// </summary>
internal sealed class ServerSentEventWriter(HttpResponse response) : EventWriter(response, StreamNegotiation.ServerSentEvents)
{
    // What is before and after the event's name, with the longest number.
    private const int MaxHeadBytes = 64;

    private long _lastId;

    /// <inheritdoc/>
    public override void Write<T>(string name, T value, JsonTypeInfo<T> type)
    {
        Span<byte> head = Body.GetSpan(MaxHeadBytes + name.Length);
        Utf8.TryWrite(head, CultureInfo.InvariantCulture, $"id: {++_lastId}\nevent: {name}\ndata: ", out int length);
        Body.Advance(length);
        WriteJson(value, type);
        WriteRaw("\n\n"u8);
    }

    /// <inheritdoc/>
    public override void WriteHeartbeat() => WriteRaw(": still working\n\n"u8);

    /// <inheritdoc/>
    protected override void WriteOpening() => WriteRaw(": admitted\n\n"u8);
}
