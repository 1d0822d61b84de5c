using System.Collections.Concurrent;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaHost.Engine.Tests.Generation;

/// <summary>An engine and a reader of its events that puts each request's sequences together.</summary>
internal sealed class EngineHarness : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Collected> _requests = new();
    private readonly Task _pump;

    public EngineHarness(IModelExecutor executor, TimeProvider? time = null, SpeculationMode speculation = SpeculationMode.Off)
    {
        Engine = new InferenceEngine(executor, time ?? TimeProvider.System, NullLogger<InferenceEngine>.Instance, speculation);
        _pump = PumpAsync();
    }

    public InferenceEngine Engine { get; }

    /// <summary>Called with each event before it is collected.</summary>
    public Action<SequenceEvent> Observe { get; set; } = _ => { };

    /// <summary>Submits the request and waits until all its sequences have ended.</summary>
    public async Task<IReadOnlyList<SequenceResult>> GenerateAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        var collected = new Collected(request.SequenceCount - request.FinishedSequences.Count);
        Assert.True(_requests.TryAdd(request.Id, collected));
        Engine.Submit(request);
        return await collected.Completion.Task.WaitAsync(TimeSpan.FromMinutes(2), cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await _pump;
    }

    private async Task PumpAsync()
    {
        try
        {
            await foreach (StepEvents step in Engine.Events.ReadAllAsync())
            {
                Assert.NotEmpty(step.Sequences);
                foreach (SequenceEvent sequence in step.Sequences)
                {
                    Observe(sequence);
                    _requests[sequence.RequestId].Add(sequence);
                }
            }
        }
        catch (FatalDecodeException failure)
        {
            foreach (Collected collected in _requests.Values)
                collected.Completion.TrySetException(failure);
        }
    }

    private sealed class Collected(int open)
    {
        private readonly SortedDictionary<int, SequenceResult> _sequences = [];
        private int _open = open;

        public TaskCompletionSource<IReadOnlyList<SequenceResult>> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Add(SequenceEvent sequence)
        {
            if (!_sequences.TryGetValue(sequence.SequenceIndex, out SequenceResult? result))
                _sequences[sequence.SequenceIndex] = result = new SequenceResult { Index = sequence.SequenceIndex };
            Assert.Null(result.Finish);
            result.Tokens.AddRange(sequence.Tokens);
            result.Finish = sequence.Finish;
            if (sequence.Finish is not null && --_open == 0)
                Completion.TrySetResult([.. _sequences.Values]);
        }
    }
}

internal sealed class SequenceResult
{
    public required int Index { get; init; }

    public List<TokenEvent> Tokens { get; } = [];

    public SequenceFinish? Finish { get; set; }

    public int[] Ids => [.. Tokens.Select(token => token.Id)];

    public string Text => string.Concat(Tokens.Select(token => token.Text)) + Finish?.Text;
}
