using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace LlamaHost.Server.Streaming;

/// <summary>Server-sent events that have a name and data, and no ids. Silence is broken by comments.</summary>
internal sealed class NamedEventWriter(HttpResponse response) : EventWriter(response, StreamNegotiation.ServerSentEvents)
{
    /// <inheritdoc/>
    public override void Write<T>(string name, T value, JsonTypeInfo<T> type)
    {
        WriteRaw("event: "u8);
        Body.Advance(Encoding.UTF8.GetBytes(name, Body.GetSpan(Encoding.UTF8.GetMaxByteCount(name.Length))));
        WriteRaw("\ndata: "u8);
        WriteJson(value, type);
        WriteRaw("\n\n"u8);
    }

    /// <inheritdoc/>
    public override void WriteHeartbeat() => WriteRaw(": still working\n\n"u8);

    // The headers alone say that the request is admitted: simple clients expect an event in the first line.
    /// <inheritdoc/>
    protected override void WriteOpening()
    {
    }
}
