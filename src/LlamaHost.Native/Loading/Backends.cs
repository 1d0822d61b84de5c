using LlamaHost.Native.Interop;

namespace LlamaHost.Native.Loading;

/// <summary>ggml's registry of compute backends.</summary>
internal static unsafe class Backends
{
    // The same backends for older drivers, where the package has them.
    private const string Fallback = "fallback";

    /// <summary>Loads the backends of a folder, once per process: of the CPU's variants the best for this machine.</summary>
    /// <returns>Those for GPUs that are there, but of no use.</returns>
    /// <exception cref="NativeLibraryException">There is none for this CPU.</exception>
    public static IReadOnlyList<UnusableBackend> LoadAll(string folder, LogRelay log)
    {
        // Some builds have their backends linked in.
        bool isFirst = LibGgml.ggml_backend_reg_count() == 0;
        List<UnusableBackend> unusable = [.. GpuBackendLoader.Load(folder, "", log)];
        if (!HasGpu())
            unusable.AddRange(GpuBackendLoader.Load(folder, Fallback, log));
        if (isFirst)
            LibGgml.ggml_backend_load_all_from_path(folder);
        if (!Has(BackendDeviceType.Cpu))
            throw new NativeLibraryException($"The folder {folder} has no ggml-cpu library that runs on this machine's CPU.");
        return unusable;
    }

    /// <summary>The devices of all loaded backends.</summary>
    public static IReadOnlyList<BackendDevice> Devices()
    {
        var devices = new BackendDevice[LibGgml.ggml_backend_dev_count()];
        for (int i = 0; i < devices.Length; i++)
        {
            nint device = LibGgml.ggml_backend_dev_get((nuint)i);
            nuint free, total;
            LibGgml.ggml_backend_dev_memory(device, &free, &total);
            devices[i] = new BackendDevice
            {
                Name = Utf8.String(LibGgml.ggml_backend_dev_name(device)),
                Description = Utf8.String(LibGgml.ggml_backend_dev_description(device)).Trim(),
                Type = (BackendDeviceType)LibGgml.ggml_backend_dev_type(device),
                FreeBytes = (long)free,
                TotalBytes = (long)total,
                // A backend's registration is a static of its library.
                Library = Path.GetFileName(LoadedFiles.Containing(LibGgml.ggml_backend_dev_backend_reg(device))),
            };
        }
        return devices;
    }

    private static bool HasGpu() => Has(BackendDeviceType.Gpu) || Has(BackendDeviceType.IntegratedGpu);

    private static bool Has(BackendDeviceType type) => LibGgml.ggml_backend_dev_by_type((int)type) != 0;
}
