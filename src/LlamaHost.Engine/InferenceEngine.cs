using System.Collections.Concurrent;
using System.Threading.Channels;
using LlamaHost.Engine.Constraints;
using LlamaHost.Engine.Embeddings;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Generation;
using LlamaHost.Engine.Requests;
using LlamaHost.Grammars.Matching;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Engine;

/// <summary>
/// Tokens in, tokens out: continues any number of requests at once on one thread that owns the executor.
/// </summary>
public sealed partial class InferenceEngine : IAsyncDisposable
{
    private readonly IModelExecutor _executor;
    private readonly TimeProvider _time;
    private readonly ILogger<InferenceEngine> _logger;
    private readonly PromptLookupSettings? _lookup;
    private readonly GrammarCache _grammars;
    private readonly BlockingCollection<Action<EngineLoop>> _mailbox = [];
    private readonly Channel<StepEvents> _events = Channel.CreateUnbounded<StepEvents>(new UnboundedChannelOptions { SingleWriter = true });
    private readonly ConcurrentDictionary<string, bool> _openIds = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stopping;
    private long _arrivals;

    /// <summary>Starts the engine's thread. The engine disposes the executor when it ends.</summary>
    /// <param name="executor">Computes logits; from now on used by the engine alone.</param>
    /// <param name="time">Clock of the usage figures.</param>
    /// <param name="logger">Gets what an operator wants to know.</param>
    /// <param name="speculation">Whether tokens are guessed for requests that don't say.</param>
    /// <param name="interTokenBound">
    /// Longest step in which prompts are computed beside running sequences, so that their next tokens don't come late. Zero: 75 ms, or 2.5 times
    /// what they need alone if that is more.
    /// </param>
    public InferenceEngine(
        IModelExecutor executor,
        TimeProvider time,
        ILogger<InferenceEngine> logger,
        SpeculationMode speculation = SpeculationMode.Off,
        TimeSpan interTokenBound = default)
    {
        (_executor, _time, _logger) = (executor, time, logger);
        _grammars = new GrammarCache(executor.Tokenizer);
        _lookup = speculation == SpeculationMode.PromptLookup ? new PromptLookupSettings() : null;
        var loop = new EngineLoop(
            executor, time, logger, step => _events.Writer.TryWrite(step), id => _openIds.TryRemove(id, out _), interTokenBound);
        new Thread(() => Run(loop)) { Name = "engine", IsBackground = true }.Start();
    }

    /// <summary>The loaded model.</summary>
    public ModelDescription Model => _executor.Model;

    /// <summary>The model's vocabulary.</summary>
    public ITokenizer Tokenizer => _executor.Tokenizer;

    /// <summary>
    /// One item per step that brought anything. Completes when the engine ends; with a <see cref="FatalDecodeException"/> if the context failed.
    /// </summary>
    public ChannelReader<StepEvents> Events => _events.Reader;

    /// <summary>Takes a request; its events follow in <see cref="Events"/>. Callable from any thread, returns at once.</summary>
    /// <exception cref="InvalidRequestException">It can't be served: the code, the field and both numbers say why. No event follows.</exception>
    /// <exception cref="ObjectDisposedException">The engine has ended.</exception>
    public void Submit(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ObjectDisposedException.ThrowIf(_stopping, this);
        long submitted = _time.GetTimestamp();
        RequestRules.Check(request, Model);
        GrammarMatcher? grammar = request.Grammar is { } text ? _grammars.Find(text) : null;
        if (!_openIds.TryAdd(request.Id, true))
            throw new InvalidRequestException("duplicate_id", "id", $"A request with the id {request.Id} is open.");
        // Here and not on the engine's thread: the prompt is read and token logs are replayed.
        var built = new EngineRequest(request, Model, Tokenizer, Interlocked.Increment(ref _arrivals), submitted, _lookup, grammar);
        Post(loop => loop.Add(built));
    }

    /// <summary>
    /// Ends what is open of a request at the next step, with <see cref="FinishReason.Cancelled"/>. Nothing happens if it has ended or is unknown.
    /// Callable from any thread.
    /// </summary>
    public void Cancel(string requestId) => Post(loop => loop.Cancel(requestId));

    /// <summary>
    /// The embedding of each text, as <see cref="ModelDescription.Embedding"/> says, computed in turns with the steps of the requests. Callable from
    /// any thread. Cancelling spares what is not yet computed.
    /// </summary>
    /// <param name="texts">Token ids of each text.</param>
    /// <param name="cancellationToken">The embeddings are no longer wanted.</param>
    /// <returns>One vector for each text, of length 1 (L2).</returns>
    /// <exception cref="InvalidRequestException">The model makes none, or a text can't be embedded.</exception>
    /// <exception cref="ModelLoadException">There is no memory for the context that computes them.</exception>
    /// <exception cref="ObjectDisposedException">The engine has ended.</exception>
    public async Task<IReadOnlyList<float[]>> EmbedAsync(IReadOnlyList<IReadOnlyList<int>> texts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(texts);
        EmbeddingRules.Check(texts, Model);
        var job = new EmbeddingJob(texts);
        using CancellationTokenRegistration cancelling = cancellationToken.Register(() => job.Cancel(cancellationToken));
        Post(loop => loop.Add(job));
        await Task.WhenAny(job.Completion, _ended.Task).ConfigureAwait(false);
        ObjectDisposedException.ThrowIf(!job.Completion.IsCompleted, this);
        return await job.Completion.ConfigureAwait(false);
    }

    /// <summary>Ends all open sequences as cancelled, then the thread, then the executor.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _executor.RequestAbort();
        _mailbox.CompleteAdding();
        await _ended.Task.ConfigureAwait(false);
        _mailbox.Dispose();
    }

    private void Post(Action<EngineLoop> command)
    {
        try
        {
            _mailbox.Add(command);
        }
        catch (InvalidOperationException)
        {
            // The engine ends: whatever was open is cancelled anyway.
        }
    }

    private void Run(EngineLoop loop)
    {
        Exception? failure = null;
        try
        {
            while (TakeCommands(loop))
                loop.RunStep();
            loop.CancelAll();
        }
#pragma warning disable CA1031 // Whatever ends the thread must reach those who wait for its events.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = exception;
            LogFailed(_logger, exception);
        }
        _stopping = true;
        _mailbox.CompleteAdding();
        _executor.Dispose();
        _events.Writer.TryComplete(failure);
        _ended.SetResult();
    }

    // Waits only when there is nothing to compute. False when the engine shall end.
    private bool TakeCommands(EngineLoop loop)
    {
        while (!_stopping)
        {
            if (_mailbox.TryTake(out Action<EngineLoop>? command, loop.HasWork ? 0 : Timeout.Infinite))
                command(loop);
            else if (loop.HasWork)
                return !_stopping;
        }
        return false;
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The engine failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
