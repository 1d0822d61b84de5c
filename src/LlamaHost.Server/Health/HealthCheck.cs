using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Runtime.Configuration;
using LlamaHost.Server.Hosting;
using LlamaHost.Server.Models;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.Health;

/// <summary>Judges whether requests that name no model can be answered.</summary>
internal sealed class HealthCheck(InferenceRuntime runtime, IOptions<RuntimeOptions> options, ShutdownDrain shutdown)
{
    /// <summary>The host answers at all.</summary>
    public static HealthReport Live { get; } = new() { Status = "live" };

    /// <summary>The default model answers, or would be loaded by its first request.</summary>
    public HealthReport Ready()
    {
        (ModelEntry Entry, ModelStatus Status)[] models = [.. runtime.Models.Select(model => (model, runtime.Status(model)))];
        string? reason = shutdown.IsDraining ? "The server is shutting down."
            : models.Length == 0 ? $"There is no model: {options.Value.ModelsFolder} holds no GGUF file, and none is configured."
            : ReasonAgainst(models[0].Entry, models[0].Status);
        return new HealthReport
        {
            Status = reason is null ? "ready" : "not_ready",
            Reason = reason,
            Models = [.. models.Select(model => Describe(model.Entry, model.Status))],
        };
    }

    private string? ReasonAgainst(ModelEntry model, ModelStatus status) => status.State switch
    {
        ModelState.Ready => null,
        ModelState.NotLoaded when !IsLoadedAtStart(model) => null,
        ModelState.Loading => status.Reason ?? $"{model.Id} is loading ({status.Progress:P0}).",
        _ => status.Reason ?? $"{model.Id} is not loaded.",
    };

    private bool IsLoadedAtStart(ModelEntry model) =>
        options.Value.Models.FirstOrDefault(one => one.Path == model.Path)?.LoadAtStart ?? options.Value.LoadAtStart;

    private static ModelHealth Describe(ModelEntry model, ModelStatus status) => new()
    {
        Id = model.Id,
        State = ModelStates.Name(status.State),
        Progress = status.State == ModelState.Loading ? status.Progress : null,
        Reason = status.Reason,
        Backend = status.Description?.Backend,
        ContextLength = status.Description?.ContextLength,
        Placement = PlacementItem.Of(status.Description?.Placement),
        WorkerProcessId = status.WorkerProcessId,
        Restarts = status.Restarts,
    };
}
