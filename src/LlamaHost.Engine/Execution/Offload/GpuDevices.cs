using LlamaHost.Engine.Requests;
using LlamaHost.Native;

namespace LlamaHost.Engine.Execution.Offload;

/// <summary>The GPUs that a model may use, or the reason why there is none.</summary>
/// <param name="Devices">The devices, in order of use. Empty: none.</param>
/// <param name="WhyNone">Why there is none though one was asked for, in a sentence.</param>
internal sealed record GpuDevices(IReadOnlyList<BackendDevice> Devices, string? WhyNone)
{
    /// <summary>Finds those that the settings mean.</summary>
    /// <param name="settings">What is asked for.</param>
    /// <param name="runtime">The library, for what it could not use.</param>
    /// <param name="devices">The devices with the memory that is free.</param>
    /// <exception cref="ModelLoadException">
    /// <c>gpu_unavailable</c>: there is none, and the settings don't allow the CPU instead; or a named one is not there.
    /// </exception>
    public static GpuDevices Choose(OffloadSettings settings, LlamaRuntime runtime, IReadOnlyList<BackendDevice> devices)
    {
        if (settings.GpuLayers.IsNone)
            return new GpuDevices([], WhyNone: null);
        BackendDevice[] all = [.. devices.Where(device => device.IsGpu)];
        // Libraries for the CPU alone are nothing to talk of, unless somebody wants a GPU.
        if (all.Length == 0 && runtime.UnusableBackends.Count == 0 && settings is { GpuLayers.IsAuto: true, MayFallBack: true })
            return new GpuDevices([], WhyNone: null);
        if (all.Length == 0)
            return None(settings, $"No GPU can be used: {Missing(runtime)}.");
        if (settings.Devices.FirstOrDefault(name => !all.Any(device => device.IsNamed(name))) is { } unknown)
            return None(settings, $"There is no device {unknown}; there are {string.Join(", ", all.Select(device => device.Name))}.");
        BackendDevice[] wanted = settings.Devices.Count > 0
            ? [.. settings.Devices.Select(name => all.First(device => device.IsNamed(name)))]
            : Default(all);
        if (settings.SplitMode == SplitMode.None)
        {
            return settings.MainGpu < wanted.Length
                ? new GpuDevices([wanted[settings.MainGpu]], WhyNone: null)
                : None(settings, $"MainGpu is {settings.MainGpu}, but there are only {wanted.Length} devices.");
        }
        return new GpuDevices(wanted, WhyNone: null);
    }

    // As llama.cpp does: integrated ones only if there are no others. Two backends may both drive the same GPU; the first one has it.
    private static BackendDevice[] Default(BackendDevice[] all)
    {
        BackendDevice first = all.FirstOrDefault(device => device.Type == BackendDeviceType.Gpu) ?? all[0];
        return [.. all.Where(device => device.Type == first.Type && device.Library == first.Library)];
    }

    private static GpuDevices None(OffloadSettings settings, string reason)
    {
        if (settings.MayFallBack)
            return new GpuDevices([], reason);
        string asked = settings.GpuLayers.IsAuto
            ? $"{nameof(settings.AllowCpuFallback)} is false"
            : $"{nameof(settings.GpuLayers)} is {settings.GpuLayers} and {nameof(settings.AllowCpuFallback)} is not set";
        throw new ModelLoadException("gpu_unavailable", $"{reason} The model is not served from the CPU instead, because {asked}.");
    }

    private static string Missing(LlamaRuntime runtime) => runtime.UnusableBackends.Count == 0
        ? $"the llama.cpp libraries in {runtime.Folder} are for the CPU alone; build with LLAMAHOST_NATIVE_VARIANT=cuda or vulkan"
        : string.Join("; ", runtime.UnusableBackends.Select(backend => $"{backend.Library}: {backend.Reason}"));
}
