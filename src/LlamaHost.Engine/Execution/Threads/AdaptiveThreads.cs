using LlamaHost.Native;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Engine.Execution.Threads;

/// <summary>Computes a context's steps with the thread counts of a <see cref="ThreadController"/>, and tells it how long they took.</summary>
internal sealed partial class AdaptiveThreads(LlamaContext context, int most, TimeProvider time, ILogger logger)
{
    // Where the machine's other work comes and goes, so do the counts.
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(10);

    private readonly ThreadController _controller = new(most);
    private long? _logged;

    /// <summary><see cref="LlamaContext.Decode"/>.</summary>
    public int Decode(LlamaBatch batch)
    {
        int tokens = batch.Count;
        int threads = _controller.Next(tokens);
        (int decode, int many) = context.Threads;
        // llama.cpp has one count for single tokens and one for all else.
        if (tokens == 1)
            context.SetThreads(threads, many);
        else
            context.SetThreads(decode, threads);
        long start = time.GetTimestamp();
        int status = context.Decode(batch);
        // Any other status means that it was not computed, or not wholly.
        if (status == 0 && _controller.Record(tokens, time.GetElapsedTime(start)) is { } fastest)
            Log(tokens, fastest);
        return status;
    }

    private void Log(int tokens, int threads)
    {
        if (_logged is { } logged && time.GetElapsedTime(logged) < LogInterval)
            return;
        _logged = time.GetTimestamp();
        LogChange(logger, tokens, threads, most);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Steps of about {Tokens} tokens are now fastest with {Threads} of {Most} threads")]
    private static partial void LogChange(ILogger logger, int tokens, int threads, int most);
}
