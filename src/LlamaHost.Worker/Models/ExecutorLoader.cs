using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Worker.Models;

/// <summary>Loads a model; blocks until it is there.</summary>
/// <param name="settings">The model and how to run it.</param>
/// <param name="progress">Gets the progress, 0 to 1.</param>
/// <param name="loggers">For the native library's messages and the executor's own.</param>
/// <param name="cancellationToken">Gives up.</param>
/// <exception cref="ModelLoadException">It could not be loaded.</exception>
internal delegate IModelExecutor ExecutorLoader(
    EngineSettings settings, Action<float> progress, ILoggerFactory loggers, CancellationToken cancellationToken);
