using LlamaHost.Engine.Requests;
using LlamaHost.Native;

namespace LlamaHost.Engine.Execution.Offload;

/// <summary>Says where a loaded model is, as llama.cpp tells it.</summary>
internal static class PlacementReport
{
    /// <param name="settings">What was asked for.</param>
    /// <param name="runtime">The library.</param>
    /// <param name="context">A context of the model.</param>
    /// <param name="before">The devices as they were before the model was loaded.</param>
    /// <param name="note">What is to be said of the plan.</param>
    /// <returns><see langword="null"/> if this build of llama.cpp does not tell.</returns>
    public static ModelPlacement? Of(
        OffloadSettings settings, LlamaRuntime runtime, LlamaContext context, IReadOnlyList<BackendDevice> before, string? note)
    {
        if (context.Model.LayerDevices() is not { } layers)
            return null;
        Dictionary<string, DeviceMemoryUse> uses = (context.MemoryUse() ?? []).ToDictionary(use => use.Device, StringComparer.Ordinal);
        DevicePlacement[] devices =
        [
            .. from device in before
               let count = layers.Count(layer => layer == device.Name)
               let use = uses.GetValueOrDefault(device.Name)
               where count > 0 || use is not null || device.Type == BackendDeviceType.Cpu
               select new DevicePlacement
               {
                   Name = device.Name,
                   Description = device.Description,
                   IsGpu = device.IsGpu,
                   Library = device.Library,
                   TotalBytes = device.TotalBytes,
                   FreeBytes = device.FreeBytes,
                   Layers = count,
                   WeightBytes = use?.WeightBytes ?? 0,
                   KvBytes = use?.KvBytes ?? 0,
                   ComputeBytes = use?.ComputeBytes ?? 0,
               },
        ];
        return new ModelPlacement
        {
            RequestedGpuLayers = settings.GpuLayers,
            Layers = layers.Count,
            GpuLayers = devices.Where(device => device.IsGpu).Sum(device => device.Layers),
            Devices = devices,
            Note = note,
            UnusableBackends = [.. runtime.UnusableBackends.Select(backend => new UnusableGpuBackend(backend.Library, backend.Reason))],
        };
    }

    /// <summary>Backend and devices in a few words, such as <c>CPU (libggml-cpu-zen4.so) and CUDA0 (NVIDIA L4, libggml-cuda.so)</c>.</summary>
    public static string Backend(LlamaRuntime runtime, IReadOnlyList<BackendDevice> gpus)
    {
        IEnumerable<string> devices = runtime.Devices
            .Where(device => device.Type == BackendDeviceType.Cpu || gpus.Any(gpu => gpu.Name == device.Name))
            .Select(device => device.Type == BackendDeviceType.Cpu
                ? $"{device.Name} ({device.Library ?? "library unknown"})"
                : $"{device.Name} ({device.Description}, {device.Library ?? "library unknown"})");
        return string.Join(" and ", devices);
    }
}
