using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Runtime.Configuration;
using LlamaHost.Runtime.Embeddings;
using LlamaHost.Runtime.Generations;
using LlamaHost.Runtime.Scoring;
using LlamaHost.Runtime.Workers;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LlamaHost.Runtime;

/// <summary>The host's models and their workers, and the one way to have a prompt continued by them.</summary>
public sealed class InferenceRuntime : IAsyncDisposable
{
    private readonly RuntimeOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ModelCatalogue _catalogue;
    private readonly WorkerProgram _program;
    private readonly WorkerHeadStart? _headStart;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ServedModel> _served = new(StringComparer.Ordinal);
    private bool _hasLoadedAtStart;
    private bool _isClosed;
    private bool _isDisposed;

    /// <summary>Looks for the models; starts no worker.</summary>
    /// <param name="options">Validated, with absolute paths.</param>
    /// <param name="time">Clock of all waiting.</param>
    /// <param name="loggers">Gets the runtime's and the workers' logs.</param>
    /// <param name="headStart">The first worker's process, if it has been started already; stays the caller's to dispose.</param>
    public InferenceRuntime(IOptions<RuntimeOptions> options, TimeProvider time, ILoggerFactory loggers, WorkerHeadStart? headStart = null)
    {
        _options = options.Value;
        _time = time;
        _loggers = loggers;
        _catalogue = new ModelCatalogue(_options, time, loggers.CreateLogger<ModelCatalogue>());
        _program = new WorkerProgram(_options.WorkerPath);
        _headStart = headStart;
    }

    /// <summary>All models that can be asked for, the default one first.</summary>
    public IReadOnlyList<ModelEntry> Models => [.. _catalogue.Models.Select(model => model.Entry)];

    /// <summary>The model of that id, or the default one for <see langword="null"/>.</summary>
    /// <exception cref="InvalidRequestException"><c>model_not_found</c>: there is none; the message names those that exist.</exception>
    /// <exception cref="ModelUnavailableException"><c>model_failed</c>: no id is given, and there is no model at all.</exception>
    public ModelEntry Resolve(string? id) => _catalogue.Resolve(id).Entry;

    /// <summary>What the model's worker is doing now.</summary>
    public ModelStatus Status(ModelEntry model)
    {
        lock (_lock)
            return _served.TryGetValue(model.Id, out ServedModel? served) ? served.Status : new WorkerState().ToStatus();
    }

    /// <summary>What the models that have been asked for are doing.</summary>
    internal IEnumerable<ModelActivity> Activity => AllServed().Select(served => served.Activity);

    /// <summary>Starts the model's worker unless it runs, and waits until it is ready.</summary>
    /// <exception cref="ModelUnavailableException">It could not be loaded, or not in time.</exception>
    public Task<ModelDescription> EnsureReadyAsync(ModelEntry model, CancellationToken cancellationToken) =>
        Serve(model).EnsureReadyAsync(cancellationToken);

    /// <summary>Token ids of a text.</summary>
    /// <exception cref="ModelUnavailableException">The model is not there now.</exception>
    public async Task<IReadOnlyList<int>> TokenizeAsync(
        ModelEntry model, string text, bool addSpecial, bool parseSpecial, CancellationToken cancellationToken)
    {
        var request = new TokenizeRequest { Text = text, AddSpecial = addSpecial, ParseSpecial = parseSpecial };
        TokenizeReply reply = await Serve(model)
            .AskAsync((worker, token) => worker.TokenizeAsync(request, cancellationToken: token), cancellationToken).ConfigureAwait(false);
        return [.. reply.Tokens];
    }

    /// <summary>Text of the tokens, and each token's own text.</summary>
    /// <exception cref="InvalidRequestException">A token is none of the model's.</exception>
    /// <exception cref="ModelUnavailableException">The model is not there now.</exception>
    public async Task<(string Text, IReadOnlyList<string> Pieces)> DetokenizeAsync(
        ModelEntry model, IReadOnlyList<int> tokens, bool skipSpecialTokens, CancellationToken cancellationToken)
    {
        var request = new DetokenizeRequest { SkipSpecialTokens = skipSpecialTokens };
        request.Tokens.AddRange(tokens);
        DetokenizeReply reply = await Serve(model)
            .AskAsync((worker, token) => worker.DetokenizeAsync(request, cancellationToken: token), cancellationToken).ConfigureAwait(false);
        return (reply.Text, [.. reply.Pieces]);
    }

    /// <summary>
    /// Admits the requests, all or none, opens their token logs and hands them to the model's worker. A model that is being loaded is waited
    /// for, as long as <see cref="RuntimeOptions.LoadWait"/>. A worker's crash is not seen by the readers: another one goes on from the logs.
    /// </summary>
    /// <exception cref="InvalidRequestException"><c>too_many_sequences</c>: more than <see cref="RuntimeOptions.MaxOpenSequences"/>.</exception>
    /// <exception cref="ModelUnavailableException">The queue is full, the model is not there, or the host shuts down.</exception>
    public async Task<IReadOnlyList<Generation>> StartAsync(
        ModelEntry model, IReadOnlyList<GenerationRequest> requests, CancellationToken cancellationToken)
    {
        ServedModel served = Serve(model);
        served.Generations.ThrowIfImpossible(requests);
        await served.EnsureReadyAsync(cancellationToken).ConfigureAwait(false);
        return served.Generations.Open(requests);
    }

    /// <summary>
    /// Log-probabilities of given continuations, one list per request. They are admitted, computed and replayed like generations, all or none;
    /// cancelling ends them at the engine's next step.
    /// </summary>
    /// <exception cref="InvalidRequestException">The engine refuses a request, or there are too many.</exception>
    /// <exception cref="ModelUnavailableException">The queue is full, the model is not there, or the host shuts down.</exception>
    /// <exception cref="GenerationFailedException">The engine could not score a continuation.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<ScoredContinuation>>> ScoreAsync(
        ModelEntry model, IReadOnlyList<ScoringRequest> requests, CancellationToken cancellationToken)
    {
        string id = $"score-{Guid.CreateVersion7(_time.GetUtcNow()):N}";
        GenerationRequest[] asked = [.. requests.Select((request, index) => request.ToGeneration($"{id}/{index}"))];
        IReadOnlyList<Generation> generations = await StartAsync(model, asked, cancellationToken).ConfigureAwait(false);
        try
        {
            List<IReadOnlyList<ScoredContinuation>> scored = new(generations.Count);
            // One after the other: each log keeps what comes meanwhile.
            foreach (Generation generation in generations)
                scored.Add(await ScoredContinuation.ReadAsync(generation, cancellationToken).ConfigureAwait(false));
            return scored;
        }
        finally
        {
            foreach (Generation generation in generations)
                await generation.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The embedding of each text, of length 1 (L2), computed in turns with the model's generations. If the worker dies over it, the next one
    /// computes what is missing.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="texts">Token ids of each text, special tokens included; as <see cref="ModelDescription.Embedding"/> allows them.</param>
    /// <param name="cancellationToken">Spares what is not yet computed.</param>
    /// <exception cref="InvalidRequestException">The model makes no embeddings, or a text can't be embedded.</exception>
    /// <exception cref="ModelUnavailableException">Too many requests are open, the model is not there, or the host shuts down.</exception>
    public Task<IReadOnlyList<float[]>> EmbedAsync(
        ModelEntry model, IReadOnlyList<IReadOnlyList<int>> texts, CancellationToken cancellationToken)
    {
        ServedModel served = Serve(model);
        return served.Embeddings.EmbedAsync(texts, async (group, groupToken) =>
        {
            var request = new EmbedRequest();
            request.Texts.AddRange(group.Select(tokens => new TokenList { Tokens = { tokens } }));
            EmbedReply reply = await served
                .AskAsync((worker, token) => worker.EmbedAsync(request, cancellationToken: token), groupToken).ConfigureAwait(false);
            return [.. reply.Embeddings.Select(embedding => embedding.Values.ToArray())];
        }, cancellationToken);
    }

    /// <summary>Takes no new requests, and completes when the open ones have ended or the token is cancelled.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        Close();
        try
        {
            await Task.WhenAll(AllServed().Select(served => served.Generations.Drained)).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller has waited long enough.
        }
    }

    /// <summary>Ends all workers.</summary>
    public async ValueTask DisposeAsync()
    {
        Close();
        lock (_lock)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
        }
        await Task.WhenAll(AllServed().Select(served => served.DisposeAsync().AsTask())).ConfigureAwait(false);
    }

    /// <summary>
    /// Starts the workers of the models that are wanted from the beginning, and waits for none of them. The host does when it starts; whoever wants
    /// them earlier calls it before.
    /// </summary>
    public void LoadAtStart()
    {
        lock (_lock)
        {
            if (_hasLoadedAtStart)
                return;
            _hasLoadedAtStart = true;
        }
        WorkerDirectory.RemoveLeftovers();
        IReadOnlyList<KnownModel> models = _catalogue.Models;
        bool isAnyWanted = false;
        for (int i = 0; i < models.Count; i++)
        {
            bool isDefault = i == 0;
            if (models[i].Options?.LoadAtStart ?? (isDefault && _options.LoadAtStart))
                isAnyWanted |= Serve(models[i].Entry).Demand();
        }
        if (!isAnyWanted)
            _headStart?.Dispose();
    }

    /// <summary>Takes no new requests.</summary>
    internal void Close()
    {
        lock (_lock)
            _isClosed = true;
        foreach (ServedModel served in AllServed())
            served.Close();
    }

    private ServedModel Serve(ModelEntry model)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_served.TryGetValue(model.Id, out ServedModel? served))
                return served;
            KnownModel known = _catalogue.Resolve(model.Id);
            EngineSettings engine = _options.EngineSettingsFor(known.Options, known.Entry.Path);
            Dictionary<string, string> environment = _options.WorkerEnvironmentFor(known.Options);
            var specification = new WorkerSpecification(model.Id, engine, () => Launch(environment), _options.LoadTimeout, _options.LoadWait);
            var generations = new OpenGenerations(_options.MaxOpenSequences, _options.MaxWorkerLosses, _time);
            var embeddings = new OpenEmbeddings(_options.MaxOpenSequences, _time);
            served = new ServedModel(specification, generations, embeddings, _time, _loggers);
            if (_isClosed)
                served.Close();
            _served.Add(model.Id, served);
            return served;
        }
    }

    private WaitingWorker Launch(Dictionary<string, string> environment) =>
        _headStart?.Take(_program, environment) ?? WaitingWorker.Start(_program, environment);

    private ServedModel[] AllServed()
    {
        lock (_lock)
            return [.. _served.Values];
    }
}
