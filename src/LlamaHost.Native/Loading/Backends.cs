using LlamaHost.Native.Interop;

namespace LlamaHost.Native.Loading;

/// <summary>ggml's registry of compute backends.</summary>
internal static unsafe class Backends
{
    private static readonly string[] GpuBackends = ["cuda", "vulkan", "hip", "sycl", "musa", "opencl", "metal"];

    /// <summary>Loads the backends of a folder, once per process: of the CPU's variants the best for this machine.</summary>
    /// <exception cref="NativeLibraryException">There is none for this CPU.</exception>
    public static void LoadAll(string folder)
    {
        // Some builds have their backends linked in; others are loaded now, without a word about those that don't load.
        if (LibGgml.ggml_backend_reg_count() == 0)
        {
            LibGgml.ggml_backend_load_all_from_path(folder);
            string fallback = Path.Combine(folder, "fallback");
            if (!HasGpu() && Directory.Exists(fallback))
                LibGgml.ggml_backend_load_all_from_path(fallback);
            if (!HasGpu())
                LogWhyNoGpu(folder);
        }
        if (Devices().All(device => device.Type != BackendDeviceType.Cpu))
            throw new NativeLibraryException($"The folder {folder} has no ggml-cpu library that runs on this machine's CPU.");
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

    private static bool HasGpu() => Devices().Any(device => device.Type is BackendDeviceType.Gpu or BackendDeviceType.IntegratedGpu);

    // Loaded by name, a backend says in the log what is missing: mostly the vendor's runtime.
    private static void LogWhyNoGpu(string folder)
    {
        foreach (string file in Directory.GetFiles(folder, "*ggml-*"))
        {
            if (GpuBackends.Any(backend => Path.GetFileNameWithoutExtension(file).EndsWith("ggml-" + backend, StringComparison.Ordinal)))
                LibGgml.ggml_backend_load(file);
        }
    }
}
