using LlamaHost.Engine.Requests;

namespace LlamaHost.Runtime.Workers;

/// <summary>All that is needed to start a model's worker.</summary>
/// <param name="Model">The model's id, for the logs.</param>
/// <param name="Engine">How to load and run it.</param>
/// <param name="Launch">Starts its process, or throws <see cref="WorkerFailedException"/>.</param>
/// <param name="LoadTimeout">Longest time from start to ready.</param>
/// <param name="LoadWait">How long a request waits for it.</param>
internal sealed record WorkerSpecification(string Model, EngineSettings Engine, Func<WaitingWorker> Launch, TimeSpan LoadTimeout, TimeSpan LoadWait);
