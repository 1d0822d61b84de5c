using System.Globalization;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Runtime.Configuration;

/// <summary>What a model's worker is told of GPUs, from the options for all models and the model's own.</summary>
internal static class EffectiveOffloadSettings
{
    /// <summary>The model's own value, else that for all models, else the default. Of validated options.</summary>
    public static OffloadSettings OffloadSettingsFor(this RuntimeOptions all, ModelOptions? own)
    {
        var defaults = new OffloadSettings();
        return defaults with
        {
            GpuLayers = GpuLayers.TryParse(own?.GpuLayers ?? all.GpuLayers, out GpuLayers layers) ? layers : defaults.GpuLayers,
            AllowCpuFallback = own?.AllowCpuFallback ?? all.AllowCpuFallback,
            Devices = Items(own?.Devices ?? all.Devices),
            SplitMode = own?.SplitMode ?? all.SplitMode ?? defaults.SplitMode,
            MainGpu = own?.MainGpu ?? all.MainGpu ?? defaults.MainGpu,
            TensorSplit = Proportions(own?.TensorSplit ?? all.TensorSplit) ?? defaults.TensorSplit,
            OffloadKv = own?.OffloadKv ?? all.OffloadKv ?? defaults.OffloadKv,
            GpuMemoryMarginMiB = own?.GpuMemoryMarginMiB ?? all.GpuMemoryMarginMiB ?? defaults.GpuMemoryMarginMiB,
        };
    }

    /// <summary>Environment variables of the worker's process besides those of the host's.</summary>
    public static Dictionary<string, string> WorkerEnvironmentFor(this RuntimeOptions all, ModelOptions? own)
    {
        Dictionary<string, string> environment = new(all.WorkerEnvironment, StringComparer.Ordinal);
        foreach ((string name, string value) in own?.WorkerEnvironment ?? new Dictionary<string, string>())
            environment[name] = value;
        return environment;
    }

    /// <summary>The items of a list with commas; empty for no text.</summary>
    public static string[] Items(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    /// <summary>Proportions of a list with commas; <see langword="null"/>: something in it is none, or all are 0.</summary>
    public static float[]? Proportions(string? list)
    {
        string[] items = Items(list);
        float[] parts = new float[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            if (!float.TryParse(items[i], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out parts[i]) || !float.IsFinite(parts[i]))
                return null;
        }
        return items.Length > 0 && parts.All(part => part == 0) ? null : parts;
    }
}
