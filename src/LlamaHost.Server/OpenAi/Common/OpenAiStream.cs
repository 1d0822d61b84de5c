using System.Text.Json.Serialization.Metadata;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generations;
using LlamaHost.Server.Hosting;
using LlamaHost.Server.Streaming;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>An answer in chunks.</summary>
internal interface IChunkedAnswer<TChunk>
{
    /// <summary>What comes before anything is generated.</summary>
    IEnumerable<TChunk> Begin();

    /// <summary>What a step brought.</summary>
    /// <exception cref="ApiException">A sequence was ended without a result.</exception>
    IEnumerable<TChunk> Add(PromptEvent step);

    /// <summary>What comes after all sequences have ended.</summary>
    IEnumerable<TChunk> End(GenerationUsage usage);
}

/// <summary>
/// Streams answers as OpenAI does: server-sent events of data alone, with <c>[DONE]</c> for the last. An error after the beginning is an event in the
/// shape of errors, and nothing follows it.
/// </summary>
internal sealed class OpenAiStream(IOptions<ServerOptions> options, ShutdownDrain shutdown, TimeProvider time)
{
    /// <summary>Streams the events of a run.</summary>
    /// <exception cref="StreamFailedException">It failed, and its client was told.</exception>
    public async Task SendAsync<TChunk>(
        HttpContext context, GenerationRun run, IChunkedAnswer<TChunk> answer, JsonTypeInfo<TChunk> type, CancellationToken cancellationToken)
    {
        using var writer = new DataEventWriter(context.Response);
        await writer.StartAsync(cancellationToken);
        try
        {
            Write(answer.Begin());
            await EventPump.RunAsync(run.Events, step => Write(answer.Add(step)), writer, options.Value.StreamHeartbeat, time, cancellationToken);
            Write(answer.End(run.Usage));
            writer.WriteText("[DONE]"u8);
            await writer.FlushAsync(cancellationToken);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested)
        {
            Exception reason = shutdown.Explain(error);
            writer.Write(OpenAiErrors.Describe(ProblemResponse.ToApiException(reason)), OpenAiErrorJson.Readable.OpenAiErrorBody);
            await writer.FlushAsync(context.RequestAborted);
            throw new StreamFailedException(reason);
        }

        void Write(IEnumerable<TChunk> chunks)
        {
            foreach (TChunk chunk in chunks)
                writer.Write(chunk, type);
        }
    }

    /// <summary>Streams chunks that are there already.</summary>
    public static async Task SendAsync<TChunk>(
        HttpContext context, IEnumerable<TChunk> chunks, JsonTypeInfo<TChunk> type, CancellationToken cancellationToken)
    {
        using var writer = new DataEventWriter(context.Response);
        await writer.StartAsync(cancellationToken);
        foreach (TChunk chunk in chunks)
            writer.Write(chunk, type);
        writer.WriteText("[DONE]"u8);
        await writer.FlushAsync(cancellationToken);
    }
}
