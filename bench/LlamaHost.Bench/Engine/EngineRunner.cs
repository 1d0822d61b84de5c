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
    private readonly Queue<int> _ended = [];

    /// <summary>Most tokens of ended requests that the engine can have kept in its KV cache for reuse.</summary>
    public int KeptTokens => Math.Min(_ended.Sum(), _engine.Model.KvCells);

    /// <summary>Computes a prompt until its first token is there and returns tokens per second.</summary>
    public async Task<double> PrefillAsync(int[] prompt)
    {
        long start = Stopwatch.GetTimestamp();
        await RunAsync([Request(prompt, newTokens: 1)], () => { }).ConfigureAwait(false);
        return prompt.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>
    /// Continues the prompts together and returns the tokens of each, and the tokens per second from when all have their first until all have
    /// their last.
    /// </summary>
    public async Task<(int[][] Tokens, double Speed)> DecodeAsync(int[][] prompts, int steps)
    {
        long start = 0;
        // Sequences that started first are a few tokens ahead when the last one starts; those tokens are not in the measured time.
        int before = 0;
        int seen = 0;
        GenerationRequest[] requests = [.. prompts.Select(prompt => Request(prompt, steps + 1))];
        (int[][] tokens, _) = await RunAsync(requests, () => (start, before) = (Stopwatch.GetTimestamp(), seen), () => seen++).ConfigureAwait(false);
        return (tokens, (seen - before) / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>
    /// Continues a prompt by beam search and returns the best beam's tokens, and the tokens per second of all beams together from the choice of the
    /// first until the end.
    /// </summary>
    public async Task<(int[][] Tokens, double Speed)> BeamsAsync(int[] prompt, int beams, int steps)
    {
        GenerationRequest request = Request(prompt, steps + 1) with { Beams = new BeamSettings { Count = beams } };
        // All tokens come with the end: the engine's own clock tells when the first was chosen.
        (int[][] tokens, SequenceFinish[] finishes) = await RunAsync([request], () => { }).ConfigureAwait(false);
        return (tokens, beams * steps / finishes[0].Usage.Decode.TotalSeconds);
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    private static GenerationRequest Request(int[] prompt, int newTokens) => new()
    {
        Id = Guid.NewGuid().ToString(),
        PromptTokens = prompt,
        Stop = new() { MaxNewTokens = newTokens, EosTokenIds = [] },
    };

    private async Task<(int[][] Tokens, SequenceFinish[] Finishes)> RunAsync(
        GenerationRequest[] requests, Action allStarted, Action? token = null)
    {
        var indices = new Dictionary<string, int>();
        List<int>[] tokens = [.. requests.Select(_ => new List<int>())];
        var finishes = new SequenceFinish[requests.Length];
        foreach (GenerationRequest request in requests)
        {
            indices[request.Id] = indices.Count;
            _engine.Submit(request);
        }
        int open = requests.Length;
        int waiting = requests.Length;
        while (open > 0)
        {
            StepEvents step = await _engine.Events.ReadAsync().ConfigureAwait(false);
            foreach (SequenceEvent sequence in step.Sequences)
            {
                int index = indices[sequence.RequestId];
                if (tokens[index].Count == 0)
                    waiting--;
                foreach (TokenEvent one in sequence.Tokens)
                {
                    tokens[index].Add(one.Id);
                    token?.Invoke();
                }
                if (sequence.Finish is not { } finish)
                    continue;
                open--;
                finishes[index] = finish;
                if (finish.Reason != FinishReason.Length)
                    throw new InvalidOperationException($"A sequence ended by {finish.Reason}: {finish.Error}");
                NoteEnded(requests[index].PromptTokens.Count + tokens[index].Count);
            }
            if (waiting == 0)
            {
                waiting = -1;
                allStarted();
            }
        }
        return ([.. tokens.Select(log => log.ToArray())], finishes);
    }

    // What is kept needs a sequence id each.
    private void NoteEnded(int length)
    {
        _ended.Enqueue(length);
        if (_ended.Count > _engine.Model.MaxSequences)
            _ended.Dequeue();
    }
}
