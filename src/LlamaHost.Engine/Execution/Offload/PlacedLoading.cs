using LlamaHost.Engine.Requests;
using LlamaHost.Native;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Engine.Execution.Offload;

/// <summary>
/// Loads a model where the settings want it: plans, checks the plan against what llama.cpp says it would take, loads, and if memory is short after
/// all plans for less, a few times.
/// </summary>
internal sealed partial class PlacedLoading(EngineSettings settings, LlamaRuntime runtime, int threads, ILogger<PlacedLoading> logger)
{
    // Each try gives up a tenth of the memory that the one before wanted.
    private const int MostTries = 4;

    private readonly IReadOnlyList<BackendDevice> _before = LlamaRuntime.CurrentDevices();

    /// <exception cref="LlamaException">llama.cpp can't.</exception>
    /// <exception cref="ModelLoadException">The GPUs that are asked for are not there or too small, or the model can't be served.</exception>
    public LoadedModel Load(Action<float> progress, CancellationToken cancellationToken)
    {
        GpuDevices gpus = GpuDevices.Choose(settings.Offload, runtime, _before);
        if (gpus.Devices.Count == 0)
        {
            if (gpus.WhyNone is { } reason)
                LogOnCpu(reason);
            return LoadInto(new LoadLayout { Note = gpus.WhyNone }, progress, cancellationToken);
        }
        var layouts = new LayoutSearch(settings, gpus.Devices, layout => Measure(layout, cancellationToken));
        LoadLayout layout = layouts.Best();
        for (int attempt = 1; ; attempt++)
        {
            if (layout.Note is { } note)
                LogNote(note);
            try
            {
                return LoadInto(layout, progress, cancellationToken);
            }
            catch (LlamaException refusal) when (layout.Devices.Count > 0 && ModelLoadFailure.IsOutOfMemory(refusal))
            {
                if (!settings.Offload.GpuLayers.IsAuto || attempt == MostTries)
                    throw layouts.OutOfMemory(ModelLoadFailure.From(refusal, Path.GetFileName(settings.ModelPath)).Message);
                LogSmaller(refusal.Message);
                layout = layouts.Smaller();
            }
        }
    }

    /// <summary>Where it is now.</summary>
    public ModelPlacement? Report(LoadedModel loaded) =>
        PlacementReport.Of(settings.Offload, runtime, loaded.Context, _before, loaded.Layout.Note);

    private LoadedModel LoadInto(LoadLayout layout, Action<float> progress, CancellationToken cancellationToken) =>
        LoadedModel.Load(settings, runtime, layout, threads, measureOnly: false, progress, cancellationToken);

    private IReadOnlyList<DeviceMemoryUse>? Measure(LoadLayout layout, CancellationToken cancellationToken)
    {
        using LoadedModel measured = LoadedModel.Load(settings, runtime, layout, threads, measureOnly: true, progress: null, cancellationToken);
        return measured.Context.MemoryUse();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The CPU holds the model. {Reason}")]
    private partial void LogOnCpu(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Note}")]
    private partial void LogNote(string note);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Memory was short, against the plan; planning for less. {Reason}")]
    private partial void LogSmaller(string reason);
}
