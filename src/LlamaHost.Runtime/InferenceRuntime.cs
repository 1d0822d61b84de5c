using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Runtime.Configuration;
using LlamaHost.Runtime.Generations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LlamaHost.Runtime;

/// <summary>The host's models and their workers, and the one way to have a prompt continued by them.</summary>
public sealed class InferenceRuntime : IAsyncDisposable
{
    /// <summary>Looks for the models; starts no worker.</summary>
    /// <param name="options">Validated, with absolute paths.</param>
    /// <param name="time">Clock of all waiting.</param>
    /// <param name="loggers">Gets the runtime's and the workers' logs.</param>
    public InferenceRuntime(IOptions<RuntimeOptions> options, TimeProvider time, ILoggerFactory loggers) => throw new NotImplementedException();

    /// <summary>All models that can be asked for, the default one first.</summary>
    public IReadOnlyList<ModelEntry> Models => throw new NotImplementedException();

    /// <summary>The model of that id, or the default one for <see langword="null"/>.</summary>
    /// <exception cref="InvalidRequestException"><c>model_not_found</c>: there is none; the message names those that exist.</exception>
    public ModelEntry Resolve(string? id) => throw new NotImplementedException();

    /// <summary>What the model's worker is doing now.</summary>
    public ModelStatus Status(ModelEntry model) => throw new NotImplementedException();

    /// <summary>Starts the model's worker unless it runs, and waits until it is ready.</summary>
    /// <exception cref="ModelUnavailableException">It could not be loaded, or not in time.</exception>
    public Task<ModelDescription> EnsureReadyAsync(ModelEntry model, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Token ids of a text.</summary>
    /// <exception cref="ModelUnavailableException">The model is not there now.</exception>
    public Task<IReadOnlyList<int>> TokenizeAsync(
        ModelEntry model, string text, bool addSpecial, bool parseSpecial, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Text of the tokens, and each token's own text.</summary>
    /// <exception cref="ModelUnavailableException">The model is not there now.</exception>
    public Task<(string Text, IReadOnlyList<string> Pieces)> DetokenizeAsync(
        ModelEntry model, IReadOnlyList<int> tokens, bool skipSpecialTokens, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>
    /// Admits the requests, all or none, opens their token logs and hands them to the model's worker. A worker's crash is not seen by
    /// the readers: another one goes on from the logs.
    /// </summary>
    /// <exception cref="ModelUnavailableException">The queue is full, or the model is not there.</exception>
    public Task<IReadOnlyList<Generation>> StartAsync(
        ModelEntry model, IReadOnlyList<GenerationRequest> requests, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Takes no new requests, and completes when the open ones have ended or the token is cancelled.</summary>
    public Task DrainAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Ends all workers.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
