using System.Diagnostics;
using LlamaHost.Engine;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaHost.Bench.Engine;

/// <summary>The same work through the engine: requests in, events out.</summary>
internal sealed class EngineRunner(IModelExecutor executor) : IAsyncDisposable
{
    private readonly InferenceEngine _engine = new(executor, TimeProvider.System, NullLogger<InferenceEngine>.Instance);

    /// <summary>Computes a prompt until its first token is there and returns tokens per second.</summary>
    public async Task<double> PrefillAsync(int[] prompt)
    {
        long start = Stopwatch.GetTimestamp();
        await RunAsync([prompt], newTokens: 1, () => { }).ConfigureAwait(false);
        return prompt.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>
    /// Continues the prompts together and returns the tokens of each, and the tokens per second from when all have their first until all have their last.
    /// </summary>
    public async Task<(int[][] Tokens, double Speed)> DecodeAsync(int[][] prompts, int steps)
    {
        long start = 0;
        // Sequences that started first are a few tokens ahead when the last one starts; those tokens are not in the measured time.
        int before = 0;
        int seen = 0;
        int[][] tokens = await RunAsync(prompts, steps + 1, () => (start, before) = (Stopwatch.GetTimestamp(), seen), () => seen++).ConfigureAwait(false);
        return (tokens, (seen - before) / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private async Task<int[][]> RunAsync(int[][] prompts, int newTokens, Action allStarted, Action? token = null)
    {
        var indices = new Dictionary<string, int>();
        List<int>[] tokens = [.. prompts.Select(_ => new List<int>(newTokens))];
        foreach (int[] prompt in prompts)
        {
            string id = Guid.NewGuid().ToString();
            indices[id] = indices.Count;
            _engine.Submit(new GenerationRequest { Id = id, PromptTokens = prompt, Stop = new() { MaxNewTokens = newTokens, EosTokenIds = [] } });
        }
        int open = prompts.Length;
        int waiting = prompts.Length;
        while (open > 0)
        {
            StepEvents step = await _engine.Events.ReadAsync().ConfigureAwait(false);
            foreach (SequenceEvent sequence in step.Sequences)
            {
                List<int> log = tokens[indices[sequence.RequestId]];
                if (log.Count == 0)
                    waiting--;
                foreach (TokenEvent one in sequence.Tokens)
                {
                    log.Add(one.Id);
                    token?.Invoke();
                }
                if (sequence.Finish is { } finish)
                {
                    open--;
                    if (finish.Reason != FinishReason.Length)
                        throw new InvalidOperationException($"A sequence ended by {finish.Reason}: {finish.Error}");
                }
            }
            if (waiting == 0)
            {
                waiting = -1;
                allStarted();
            }
        }
        return [.. tokens.Select(log => log.ToArray())];
    }
}
