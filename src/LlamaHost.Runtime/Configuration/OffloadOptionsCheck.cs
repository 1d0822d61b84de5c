using LlamaHost.Engine.Requests;

namespace LlamaHost.Runtime.Configuration;

/// <summary>Finds mistakes in what is said of GPUs. What devices there are is known only to the worker.</summary>
internal static class OffloadOptionsCheck
{
    /// <summary>Checks one place's values.</summary>
    /// <param name="options">The options for all models, or a model's own.</param>
    /// <param name="prefix">Where they are, for the messages.</param>
    /// <param name="mistakes">Gets the messages.</param>
    public static void CheckValues(EngineOptions options, string prefix, List<string> mistakes)
    {
        if (options.GpuLayers is { } layers && !GpuLayers.TryParse(layers, out _))
        {
            mistakes.Add($"{prefix}{nameof(options.GpuLayers)} is '{layers}'; it must be 'auto', 'all', or a number of layers, 0 or more.");
        }
        if (options.MainGpu < 0)
            mistakes.Add($"{prefix}{nameof(options.MainGpu)} is {options.MainGpu}; it must be 0 or more.");
        if (options.GpuMemoryMarginMiB < 0)
            mistakes.Add($"{prefix}{nameof(options.GpuMemoryMarginMiB)} is {options.GpuMemoryMarginMiB}; it must be 0 or more.");
        if (EffectiveOffloadSettings.Proportions(options.TensorSplit) is null)
        {
            mistakes.Add($"{prefix}{nameof(options.TensorSplit)} is '{options.TensorSplit}'; "
                + "it must be numbers with commas between them, such as '3,1', none of them negative and not all 0.");
        }
        if (EffectiveOffloadSettings.Items(options.Devices).CountBy(name => name, StringComparer.OrdinalIgnoreCase).Any(name => name.Value > 1))
            mistakes.Add($"{prefix}{nameof(options.Devices)} is '{options.Devices}'; it must name each device once.");
        foreach (string name in options.WorkerEnvironment.Keys.Where(name => name.Length == 0 || name.Contains('=', StringComparison.Ordinal)))
            mistakes.Add($"{prefix}{nameof(options.WorkerEnvironment)} has the name '{name}', which no environment variable can have.");
    }

    /// <summary>Mistakes in how the values that count for a model go together.</summary>
    /// <param name="engine">What its worker would be told.</param>
    public static IEnumerable<string> Contradictions(EngineSettings engine)
    {
        OffloadSettings offload = engine.Offload;
        if (offload.MainGpu != 0 && offload.SplitMode != SplitMode.None)
            yield return $"{nameof(offload.MainGpu)} is {offload.MainGpu}; it counts only if {nameof(offload.SplitMode)} is {SplitMode.None}.";
        if (offload.TensorSplit.Count > 0 && offload.SplitMode == SplitMode.None)
        {
            yield return $"{nameof(offload.TensorSplit)} shares layers out among devices, "
                + $"but {nameof(offload.SplitMode)} is {SplitMode.None}.";
        }
        if (offload.TensorSplit.Count > 0 && offload.Devices.Count > 0 && offload.TensorSplit.Count != offload.Devices.Count)
        {
            yield return $"{nameof(offload.TensorSplit)} has {offload.TensorSplit.Count} proportions; "
                + $"it must have as many as {nameof(offload.Devices)} has names, which is {offload.Devices.Count}.";
        }
        if (engine is { FlashAttention: FlashAttention.Off, KvCacheTypeV: KvCacheType.Q8_0 or KvCacheType.Q4_0 })
        {
            yield return $"{nameof(engine.KvCacheTypeV)} is {engine.KvCacheTypeV}, which needs flash attention, "
                + $"but {nameof(engine.FlashAttention)} is {engine.FlashAttention}.";
        }
    }
}
