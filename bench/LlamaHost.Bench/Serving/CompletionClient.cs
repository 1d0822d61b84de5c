using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Text.Json;

namespace LlamaHost.Bench.Serving;

/// <summary>Sends requests to one server and notes when their tokens come.</summary>
/// <param name="target">The server.</param>
internal sealed class CompletionClient(Target target) : IDisposable
{
    private readonly HttpClient _http =
        new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = target.Address, Timeout = Timeout.InfiniteTimeSpan };

    public Target Target => target;

    /// <summary>Sends a request now.</summary>
    public Task<Completion> CompleteAsync(CompletionRequest request, CancellationToken cancellationToken) =>
        CompleteAsync(request, Stopwatch.GetTimestamp(), cancellationToken);

    /// <summary>Sends a request and reads its stream to the end. What goes wrong is in the completion.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="due">When it should have been sent, as a timestamp of <see cref="Stopwatch"/>.</param>
    /// <param name="cancellationToken">Closes the connection.</param>
    public async Task<Completion> CompleteAsync(CompletionRequest request, long due, CancellationToken cancellationToken)
    {
        var completion = new Completion(due);
        await StreamAsync(request, completion, cancellationToken).ConfigureAwait(false);
        return completion;
    }

    /// <summary>Sends a request and fills a completion, which can be watched meanwhile.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="completion">What came and what went wrong.</param>
    /// <param name="cancellationToken">Closes the connection.</param>
    public async Task StreamAsync(CompletionRequest request, Completion completion, CancellationToken cancellationToken)
    {
        try
        {
            // A connection per request, as from as many users: llama-server is seen to drop kept ones between two requests, and what is retried would
            // be measured twice.
            using var message = new HttpRequestMessage(HttpMethod.Post, target.Dialect.Path)
            {
                Content = Body(request),
                Headers = { ConnectionClose = true },
            };
            using HttpResponseMessage response =
                await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                completion.Failed($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)}");
                return;
            }
            Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
                await ReadAsync(PipeReader.Create(stream), completion, cancellationToken).ConfigureAwait(false);
            int expected = request.NewTokens * request.Sequences;
            if (completion.NewTokens != expected)
                completion.Failed($"{completion.NewTokens} tokens instead of {expected}");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or JsonException)
        {
            completion.Failed(failure.GetBaseException().Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private ByteArrayContent Body(CompletionRequest request)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var body = new Utf8JsonWriter(bytes))
        {
            body.WriteStartObject();
            target.Dialect.Write(body, request);
            body.WriteEndObject();
        }
        return new ByteArrayContent(bytes.WrittenSpan.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }

    private async Task ReadAsync(PipeReader reader, Completion completion, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            completion.Now = Stopwatch.GetTimestamp();
            ReadOnlySequence<byte> rest = read.Buffer;
            while (rest.PositionOf((byte)'\n') is { } end)
            {
                ReadLine(rest.Slice(0, end), completion);
                rest = rest.Slice(rest.GetPosition(1, end));
            }
            reader.AdvanceTo(rest.Start, rest.End);
            if (read.IsCompleted)
                break;
        }
        await reader.CompleteAsync().ConfigureAwait(false);
    }

    // All servers here write an event's data in one line.
    private void ReadLine(ReadOnlySequence<byte> line, Completion completion)
    {
        var reader = new SequenceReader<byte>(line);
        if (!reader.IsNext("data:"u8, advancePast: true))
            return;
        reader.AdvancePast((byte)' ');
        if (reader.IsNext("[DONE]"u8))
            return;
        using var data = JsonDocument.Parse(reader.UnreadSequence);
        target.Dialect.Read(data.RootElement, completion);
    }
}
