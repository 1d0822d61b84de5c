using System.Text.RegularExpressions;
using LlamaHost.Native.Interop;

namespace LlamaHost.Native.Loading;

/// <summary>Loads the backends for GPUs one by one, since ggml loads a whole folder in silence, and finds out why one is of no use.</summary>
internal static partial class GpuBackendLoader
{
    private static readonly string[] Backends = ["cuda", "hip", "musa", "vulkan", "sycl", "opencl", "metal"];

    /// <summary>Loads those of the folder. Once per process they bring devices; asked again, they tell the same.</summary>
    /// <param name="folder">Folder of the libraries.</param>
    /// <param name="below">The folder within it to look in; empty: itself.</param>
    /// <param name="log">Open log of llama.cpp.</param>
    public static IReadOnlyList<UnusableBackend> Load(string folder, string below, LogRelay log)
    {
        List<UnusableBackend> unusable = [];
        foreach (string file in FilesOf(Path.Combine(folder, below)))
        {
            using var lines = new ComplaintLog(log, NativeLogLevel.Info);
            nint registration = LibGgml.ggml_backend_load(file);
            if (registration == 0 || LibGgml.ggml_backend_reg_dev_count(registration) == 0)
                unusable.Add(new UnusableBackend(Path.GetRelativePath(folder, file), Reason(lines.Lines, Path.GetFileName(file))));
        }
        return unusable;
    }

    /// <summary>What the log says about a backend that brings no device.</summary>
    /// <param name="lines">llama.cpp's lines while it was loaded.</param>
    /// <param name="library">Its file's name.</param>
    internal static string Reason(IReadOnlyList<string> lines, string library)
    {
        string[] reasons = [.. lines.Where(line => !line.Contains("loaded ", StringComparison.Ordinal)).Select(WithoutPreamble).Distinct()];
        string said = reasons.Length == 0 ? "it found no device" : string.Join("; ", reasons);
        return Explanation(said, library) is { } explanation ? $"{said} ({explanation})" : said;
    }

    // "load_backend: failed to load /folder/libggml-cuda.so: libcudart.so.13: cannot open …", "ggml_cuda_init: failed to initialize CUDA: …".
    private static string WithoutPreamble(string line) => Preamble().Replace(line, "").Trim().TrimEnd('.');

    private static string? Explanation(string reason, string library) => reason switch
    {
        _ when reason.Contains("libcuda.so", StringComparison.Ordinal) =>
            "NVIDIA's driver is not installed, or not passed into this container",
        _ when CudaLibrary().Match(reason) is { Success: true } match =>
            $"it comes with the CUDA {match.Groups[1].Value} runtime",
        _ when reason.Contains("libvulkan.so", StringComparison.Ordinal) =>
            "the Vulkan loader; Debian's and Ubuntu's package is libvulkan1",
        _ when reason.Contains("driver version is insufficient", StringComparison.Ordinal) =>
            "NVIDIA's driver is too old for this CUDA runtime; CUDA 13 needs 580 or newer, CUDA 12 needs 525",
        _ when reason.Contains("returned NULL", StringComparison.Ordinal) && library.Contains("vulkan", StringComparison.Ordinal) =>
            "there is no Vulkan driver, such as those of the package mesa-vulkan-drivers, or GGML_VK_VISIBLE_DEVICES names a device that is not "
                + "there",
        _ when reason.Contains("No devices found", StringComparison.OrdinalIgnoreCase) && library.Contains("vulkan", StringComparison.Ordinal) =>
            "no driver has a GPU; one that computes on the CPU only counts if GGML_VK_VISIBLE_DEVICES names it",
        _ => null,
    };

    private static IEnumerable<string> FilesOf(string folder) =>
        !Directory.Exists(folder) ? [] :
            from backend in Backends
            from file in Directory.GetFiles(folder, $"*ggml-{backend}.*").Order(StringComparer.Ordinal)
            where Path.GetFileNameWithoutExtension(file).EndsWith("ggml-" + backend, StringComparison.Ordinal)
            select file;

    [GeneratedRegex(@"^\w+: (failed to load \S+: |failed to initialize backend from \S+: )?", RegexOptions.CultureInvariant)]
    private static partial Regex Preamble();

    [GeneratedRegex(@"lib(?:cudart|cublas|cublasLt)\.so\.(\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex CudaLibrary();
}
