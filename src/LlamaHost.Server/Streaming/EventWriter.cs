using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;

namespace LlamaHost.Server.Streaming;

/// <summary>Writes the events of a streamed answer. What is written goes out with the next flush.</summary>
internal abstract class EventWriter(HttpResponse response, string contentType) : IDisposable
{
    // Text goes out as it is: in these media types nothing but JSON's own escapes is needed.
    private readonly Utf8JsonWriter _json = new(response.BodyWriter, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The response's body.</summary>
    protected PipeWriter Body { get; } = response.BodyWriter;

    /// <summary>A writer of that format.</summary>
    public static EventWriter Create(StreamFormat format, HttpResponse response) => format switch
    {
        StreamFormat.ServerSentEvents => new ServerSentEventWriter(response),
        StreamFormat.JsonLines => new JsonLinesWriter(response),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a stream."),
    };

    /// <summary>Sends the headers, and with them word that the request is admitted.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
        WriteOpening();
        await FlushAsync(cancellationToken);
    }

    /// <summary>Writes one event.</summary>
    public abstract void Write<T>(string name, T value, JsonTypeInfo<T> type);

    /// <summary>Writes something that keeps the connection open and means nothing, if the format has such a thing.</summary>
    public abstract void WriteHeartbeat();

    /// <summary>Sends what was written.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken) => await Body.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    /// <summary>Writes what comes before the first event.</summary>
    protected abstract void WriteOpening();

    /// <summary>Writes a value on one line.</summary>
    protected void WriteJson<T>(T value, JsonTypeInfo<T> type)
    {
        JsonSerializer.Serialize(_json, value, type);
        _json.Flush();
        _json.Reset(Body);
    }

    /// <summary>Writes bytes as they are.</summary>
    protected void WriteRaw(ReadOnlySpan<byte> bytes) => Body.Write(bytes);
}
