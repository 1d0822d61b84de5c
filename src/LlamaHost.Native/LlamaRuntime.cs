using LlamaHost.Native.Interop;
using LlamaHost.Native.Loading;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Native;

/// <summary>
/// The loaded llama.cpp library, and its log as long as this is open. The libraries themselves stay loaded until the process ends. Dispose it after
/// what was made with it.
/// </summary>
public sealed partial class LlamaRuntime : IDisposable
{
    // Loading checks what the process has loaded before it loads more.
    private static readonly Lock Gate = new();

    private readonly LogRelay _log;

    private unsafe LlamaRuntime(string folder, LogRelay log, IReadOnlyList<UnusableBackend> unusableBackends)
    {
        UnusableBackends = unusableBackends;
        _log = log;
        Folder = folder;
        Version = Utf8.String(LibLlama.llama_version());
        GgmlVersion = $"{Utf8.String(LibGgml.ggml_version())} ({Utf8.String(LibGgml.ggml_commit())})";
        SystemInfo = Utf8.String(LibLlama.llama_print_system_info());
        MaxSequences = (int)LibLlama.llama_max_parallel_sequences();
        SupportsGpuOffload = LibLlama.llama_supports_gpu_offload();
        Devices = Backends.Devices();
    }

    /// <summary>The version of llama.cpp that this binding is written for.</summary>
    public static string ExpectedVersion => AbiCheck.ExpectedVersion;

    /// <summary>Where the libraries were loaded from.</summary>
    public string Folder { get; }

    /// <summary>llama.cpp's version, such as <c>0.5.0</c>.</summary>
    public string Version { get; }

    /// <summary>ggml's version and commit.</summary>
    public string GgmlVersion { get; }

    /// <summary>What can compute; the free memory is that of the start.</summary>
    public IReadOnlyList<BackendDevice> Devices { get; }

    /// <summary>Backends for GPUs that the folder has, but that are of no use on this machine. Empty with libraries for the CPU alone.</summary>
    public IReadOnlyList<UnusableBackend> UnusableBackends { get; }

    /// <summary>The devices with the memory that is free now, once a runtime has been opened.</summary>
    public static IReadOnlyList<BackendDevice> CurrentDevices() => Backends.Devices();

    /// <summary>Instruction sets and the like that the backends use, in llama.cpp's words.</summary>
    public string SystemInfo { get; }

    /// <summary>Most sequences that a context can hold (<c>LLAMA_MAX_SEQ</c>).</summary>
    public int MaxSequences { get; }

    /// <summary>Whether a device other than the CPU can hold layers.</summary>
    public bool SupportsGpuOffload { get; }

    /// <summary>Loads the libraries (the first time in a process), proves that they are the right version, and loads the compute backends.</summary>
    /// <param name="folder">
    /// Folder with the libraries, or <see langword="null"/> for the one that the environment variable <c>LLAMAHOST_NATIVE</c> names, or else the
    /// folder
    /// <c>native</c> next to the program. A process can load from one folder only.
    /// </param>
    /// <param name="logger">Gets llama.cpp's log.</param>
    /// <exception cref="NativeLibraryException">They are missing, can't be loaded, or are another version.</exception>
    public static LlamaRuntime Open(string? folder, ILogger logger)
    {
        string path = NativeFolder.Resolve(folder);
        lock (Gate)
        {
            NativeLibraries.Bind(path);
            AbiCheck.VerifyDefaults(path);
            LogRelay log = LogRelay.Open(logger);
            try
            {
                IReadOnlyList<UnusableBackend> unusable = Backends.LoadAll(path, log);
                LibLlama.llama_backend_init();
                var runtime = new LlamaRuntime(path, log, unusable);
                foreach (BackendDevice device in runtime.Devices)
                    LogDevice(logger, device.Name, device.Description, device.Library, runtime.Version);
                foreach (UnusableBackend backend in unusable)
                    LogUnusable(logger, runtime.SupportsGpuOffload ? LogLevel.Information : LogLevel.Warning, backend.Library, backend.Reason);
                return runtime;
            }
            catch
            {
                log.Dispose();
                throw;
            }
        }
    }

    /// <summary>Ends the log.</summary>
    public void Dispose() => _log.Dispose();

    /// <summary>Collects llama.cpp's complaints on this thread.</summary>
    internal ComplaintLog ListenForComplaints() => new(_log);

    [LoggerMessage(Message = "The backend {Library} is of no use here: {Reason}")]
    private static partial void LogUnusable(ILogger logger, LogLevel level, string library, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "llama.cpp {Version} computes on {Device} ({Description}) with {Library}")]
    private static partial void LogDevice(ILogger logger, string device, string description, string? library, string version);
}
