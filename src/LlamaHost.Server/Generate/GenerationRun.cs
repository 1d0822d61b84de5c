using System.Threading.Channels;
using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Generations;

namespace LlamaHost.Server.Generate;

/// <summary>What a step brought for one sequence of one prompt.</summary>
internal readonly record struct PromptEvent(int PromptIndex, SequenceEvent Event);

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
    private readonly Task _pumping;

    /// <param name="generations">One per prompt, in order; owned by the run.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public GenerationRun(IReadOnlyList<Generation> generations, CancellationToken cancellationToken)
    {
        _generations = generations;
        _ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _pumping = PumpAllAsync(_ended.Token);
    }

    /// <summary>All events. Completes after the last sequence's end, with the first failure if there was one.</summary>
    public ChannelReader<PromptEvent> Events => _events.Reader;

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
                await _events.Writer.WriteAsync(new PromptEvent(promptIndex, step), cancellationToken);
        }
        catch
        {
            // One prompt's failure is the request's: the others needn't go on.
            await _ended.CancelAsync();
            throw;
        }
    }
}
