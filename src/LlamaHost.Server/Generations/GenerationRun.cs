using System.Threading.Channels;
using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Generations;

namespace LlamaHost.Server.Generations;

/// <summary>
/// The generations of one request, read as one sequence of events in the order in which they come. Disposing it cancels what is open.
/// </summary>
internal sealed class GenerationRun : IAsyncDisposable
{
    // The token logs keep everything; this only has to cover the time that a flush takes.
    private const int BufferedEvents = 64;

    private readonly Channel<PromptEvent> _events =
        Channel.CreateBounded<PromptEvent>(new BoundedChannelOptions(BufferedEvents) { SingleReader = true });

    private readonly CancellationTokenSource _ended;
    private readonly IReadOnlyList<Generation> _generations;
    private readonly SequenceUsage[][] _usages;
    private readonly int[] _generatedTokens;
    private readonly Task _pumping;

    /// <param name="generations">One per prompt, in order; owned by the run.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public GenerationRun(IReadOnlyList<Generation> generations, CancellationToken cancellationToken)
    {
        _generations = generations;
        _usages = [.. generations.Select(generation => new SequenceUsage[generation.Request.SequenceCount])];
        _generatedTokens = new int[generations.Count];
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _pumping = PumpAllAsync(_ended.Token);
    }

    /// <summary>All events. Completes after the last sequence's end, with the first failure if there was one.</summary>
    public ChannelReader<PromptEvent> Events => _events.Reader;

    /// <summary>Sequences of all prompts.</summary>
    public int SequenceCount => _usages.Sum(prompt => prompt.Length);

    /// <summary>New tokens so far.</summary>
    public int GeneratedTokens => _generatedTokens.Sum();

    /// <summary>What it cost, once all events were read.</summary>
    public GenerationUsage Usage => GenerationUsage.Of(
        _generations.Sum(generation => PromptOf(generation.Request).Count),
        _usages.Sum(prompt => prompt.Sum(usage => usage.GeneratedTokens)),
        _usages);

    /// <summary>The prompt's tokens, whichever part of the model reads them.</summary>
    public static IReadOnlyList<int> PromptOf(GenerationRequest request) =>
        request.EncoderTokens.Count > 0 ? request.EncoderTokens : request.PromptTokens;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _pumping;
        foreach (Generation generation in _generations)
            await generation.DisposeAsync();
        _ended.Dispose();
    }

    private async Task PumpAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_generations.Select((generation, index) => PumpAsync(generation, index, cancellationToken)));
            _events.Writer.Complete();
        }
        catch (Exception error)
        {
            // The reader rethrows it.
            _events.Writer.TryComplete(error);
        }
    }

    private async Task PumpAsync(Generation generation, int promptIndex, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (SequenceEvent step in generation.ReadAsync(cancellationToken))
            {
                _generatedTokens[promptIndex] += step.Tokens.Count;
                if (step.Finish is { } finish)
                    _usages[promptIndex][step.SequenceIndex] = finish.Usage;
                await _events.Writer.WriteAsync(new PromptEvent(promptIndex, step), cancellationToken);
            }
        }
        catch
        {
            // One prompt's failure is the request's: the others needn't go on.
            await _ended.CancelAsync();
            throw;
        }
    }
}
