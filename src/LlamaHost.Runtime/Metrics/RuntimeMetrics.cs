using System.Diagnostics.Metrics;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Runtime.Metrics;

/// <summary>
/// The instruments of the meter <c>LlamaHost</c>. All of them are observed: nothing is counted for them that is not known anyway, and nothing is
/// done until somebody listens.
/// </summary>
public sealed class RuntimeMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "LlamaHost";

    private readonly InferenceRuntime _runtime;
    private readonly Meter _meter;

    /// <param name="runtime">Whose models are measured.</param>
    /// <param name="meters">Makes the meter.</param>
    public RuntimeMetrics(InferenceRuntime runtime, IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _runtime = runtime;
        _meter = meters.Create(MeterName);
    }

    /// <summary>Makes the instruments: after the models have begun to load, which shall not wait for them.</summary>
    internal void Start()
    {
        AddTokens();
        AddSequences();
        AddCache();
        AddSteps();
        AddLayers();
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private void AddTokens()
    {
        Counter("llamahost.prompt_tokens", "{token}", "Tokens of the prompts of sequences that have ended.", model => model.Tokens.Prompt);
        Counter(
            "llamahost.cached_tokens", "{token}", "Of the prompt tokens, those that needn't be computed for their sequence.",
            model => model.Tokens.Cached);
        Counter("llamahost.generated_tokens", "{token}", "New tokens.", model => model.Tokens.Generated);
    }

    private void AddSequences()
    {
        Gauge("llamahost.open_sequences", "{sequence}", "Sequences that were admitted and have not ended.", model => model.OpenSequences);
        Load("llamahost.running_sequences", "{sequence}", "Sequences that are computed.", load => load.RunningSequences);
        Load("llamahost.waiting_sequences", "{sequence}", "Sequences that wait in the engine.", load => load.WaitingSequences);
    }

    private void AddCache()
    {
        Load("llamahost.kv_cells", "{cell}", "Cells of the KV cache.", load => load.KvCells);
        Load("llamahost.kv_busy_cells", "{cell}", "Cells that running sequences hold.", load => load.BusyKvCells);
        Load("llamahost.kv_idle_cells", "{cell}", "Cells kept for reuse, which give way when they are needed.", load => load.IdleKvCells);
    }

    private void AddSteps()
    {
        Load(
            "llamahost.decode_threads", "{thread}", "Threads that computed the last step in which sequences only went on.",
            load => load.DecodeThreads);
        Load("llamahost.prefill_threads", "{thread}", "Threads that computed the last step with tokens of prompts.", load => load.PrefillThreads);
        _meter.CreateObservableCounter(
            "llamahost.allocated", () => GC.GetTotalAllocatedBytes(), "By", "Managed memory that the host has allocated since its start.");
        Counter("llamahost.steps", "{step}", "Steps of the model's present worker.", model => model.Load?.Steps);
        Counter(
            "llamahost.step_tokens", "{token}", "Tokens computed in these steps: of prompts, chosen and guessed ones.",
            model => model.Load?.StepTokens);
        Counter(
            "llamahost.worker_allocated", "By", "Managed memory that the model's present worker has allocated since its start.",
            model => model.Load?.AllocatedBytes);
    }

    private void AddLayers()
    {
        Gauge("llamahost.layers", "{layer}", "Layers of the loaded model; the output counts as one.", model => model.Placement?.Layers);
        Gauge("llamahost.gpu_layers", "{layer}", "Of these, layers that are on GPUs.", model => model.Placement?.GpuLayers);
    }

    private void Load(string name, string unit, string description, Func<EngineLoad, long> value) =>
        Gauge(name, unit, description, model => model.Load is { } load ? value(load) : null);

    private void Gauge(string name, string unit, string description, Func<ModelActivity, long?> value) =>
        _meter.CreateObservableGauge(name, () => Observe(value), unit, description);

    private void Counter(string name, string unit, string description, Func<ModelActivity, long?> value) =>
        _meter.CreateObservableCounter(name, () => Observe(value), unit, description);

    private IEnumerable<Measurement<long>> Observe(Func<ModelActivity, long?> value)
    {
        foreach (ModelActivity model in _runtime.Activity)
        {
            if (value(model) is { } measured)
                yield return new Measurement<long>(measured, new KeyValuePair<string, object?>("model", model.Id));
        }
    }
}
