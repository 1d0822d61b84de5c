using System.Text.Json.Serialization.Metadata;

namespace LlamaHost.Server.Streaming;

/// <summary>One JSON value per line. The format has no comments, and blank lines trouble some readers, so that nothing is sent in silence.</summary>
internal sealed class JsonLinesWriter(HttpResponse response) : EventWriter(response, StreamNegotiation.JsonLines)
{
    /// <inheritdoc/>
    public override void Write<T>(string name, T value, JsonTypeInfo<T> type)
    {
        WriteJson(value, type);
        WriteRaw("\n"u8);
    }

    /// <inheritdoc/>
    public override void WriteHeartbeat()
    {
    }

    /// <inheritdoc/>
    protected override void WriteOpening()
    {
    }
}
