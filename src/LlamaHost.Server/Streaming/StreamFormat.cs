using Microsoft.Net.Http.Headers;

namespace LlamaHost.Server.Streaming;

/// <summary>How an answer is sent.</summary>
internal enum StreamFormat
{
    /// <summary>Whole, when it is complete.</summary>
    None,

    /// <summary>As server-sent events (<c>text/event-stream</c>).</summary>
    ServerSentEvents,

    /// <summary>As one JSON value per line (<c>application/x-ndjson</c>).</summary>
    JsonLines,
}

/// <summary>Finds out how a client wants its answer.</summary>
internal static class StreamNegotiation
{
    /// <summary>Media type of server-sent events.</summary>
    public const string ServerSentEvents = "text/event-stream";

    /// <summary>Media type of JSON lines.</summary>
    public const string JsonLines = "application/x-ndjson";

    /// <summary>
    /// The body's word counts most. Without it the client streams if its Accept header names a stream's type before anything else that would
    /// do. Which kind of stream it is, the header says; server-sent events if it doesn't.
    /// </summary>
    /// <param name="request">The request with its Accept header.</param>
    /// <param name="stream">What the body says, if it says anything.</param>
    public static StreamFormat Choose(HttpRequest request, bool? stream)
    {
        if (stream is false)
            return StreamFormat.None;
        MediaTypeHeaderValue[] accepted =
            [.. request.GetTypedHeaders().Accept.Where(one => one.Quality is not 0).OrderByDescending(one => one.Quality ?? 1)];
        if (stream is true)
            return accepted.Select(Of).FirstOrDefault(format => format != StreamFormat.None, StreamFormat.ServerSentEvents);
        return accepted.Length == 0 ? StreamFormat.None : Of(accepted[0]);
    }

    private static StreamFormat Of(MediaTypeHeaderValue type) =>
        type.MediaType.Equals(ServerSentEvents, StringComparison.OrdinalIgnoreCase) ? StreamFormat.ServerSentEvents
        : type.MediaType.Equals(JsonLines, StringComparison.OrdinalIgnoreCase) ? StreamFormat.JsonLines
        : StreamFormat.None;
}
