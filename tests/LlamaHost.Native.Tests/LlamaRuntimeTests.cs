using System.Text;
using LlamaHost.Native.Interop;
using LlamaHost.Native.Loading;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaHost.Native.Tests;

/// <summary>Finding, checking and logging of the libraries. The log is the whole process's, so nothing may run beside it.</summary>
[Collection("alone")]
public sealed class LlamaRuntimeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llamahost-native-").FullName;

    // One's own build may be tested too.
    private static string LibraryFolder => NativeFolder.Resolve(configured: null);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_libraries_are_loaded_and_the_one_for_this_CPU_is_named()
    {
        var logger = new CollectingLogger();
        using LlamaRuntime runtime = LlamaRuntime.Open(folder: null, logger);

        Assert.StartsWith(LlamaRuntime.ExpectedVersion, runtime.Version, StringComparison.Ordinal);
        Assert.Equal(256, runtime.MaxSequences);
        BackendDevice cpu = Assert.Single(runtime.Devices, device => device.Type == BackendDeviceType.Cpu);
        Assert.Matches(@"^libggml-cpu.*\.so", cpu.Library);
        Assert.True(cpu.TotalBytes > 0);
        Assert.Contains(
            logger.Entries, entry => entry.Level == LogLevel.Information && entry.Message.Contains(cpu.Library!, StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_one_clear_error()
    {
        string missing = Path.Combine(_folder, "missing");

        var error = Assert.Throws<NativeLibraryException>(() => LlamaRuntime.Open(missing, NullLogger.Instance));

        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
        Assert.Contains("LLAMAHOST_NATIVE", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_libraries_is_one_clear_error()
    {
        var error = Assert.Throws<NativeLibraryException>(() => LlamaRuntime.Open(_folder, NullLogger.Instance));

        Assert.Contains("libggml-base.so", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_library_is_one_clear_error()
    {
        string file = Path.Combine(_folder, "libggml-base.so");
        File.WriteAllText(file, "not a library");

        var error = Assert.Throws<NativeLibraryException>(() => NativeLibraries.Load(file));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_version_is_one_error_that_names_both()
    {
        // A library that only says that it is another version; its dependencies are loaded already.
        using LlamaRuntime right = LlamaRuntime.Open(folder: null, NullLogger.Instance);
        string copy = Path.Combine(_folder, "libllama.so");
        File.Copy(NativeFolder.File(LibraryFolder, "llama"), copy);
        Patch(copy, "\u00000.5.0-dev\u0000", "\u00000.4.9-dev\u0000");
        nint library = NativeLibraries.Load(copy);

        var error = Assert.Throws<NativeLibraryException>(() => AbiCheck.VerifyVersion(library, _folder));

        Assert.Equal($"This program needs llama.cpp 0.5.0, but {_folder} holds version 0.4.9-dev.", error.Message);
    }

    [Fact]
    public void A_default_value_at_the_wrong_place_is_an_error_that_names_it()
    {
        using LlamaRuntime runtime = LlamaRuntime.Open(folder: null, NullLogger.Instance);
        llama_context_params parameters = LibLlama.llama_context_default_params();
        (parameters.n_ubatch, parameters.n_seq_max) = (parameters.n_seq_max, parameters.n_ubatch);

        var error = Assert.Throws<NativeLibraryException>(
            () => AbiCheck.VerifyDefaults("llama_context_default_params", AbiCheck.ContextDefaults(parameters), runtime.Folder));

        Assert.Contains("llama_context_default_params().n_ubatch is 1 where 0.5.0 has 512", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_folder_in_the_same_process_is_refused()
    {
        using LlamaRuntime first = LlamaRuntime.Open(folder: null, NullLogger.Instance);
        foreach (string file in Directory.GetFiles(LibraryFolder))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));

        var error = Assert.Throws<NativeLibraryException>(() => LlamaRuntime.Open(_folder, NullLogger.Instance));

        Assert.Contains(LibraryFolder, error.Message, StringComparison.Ordinal);
        using LlamaRuntime again = LlamaRuntime.Open(LibraryFolder, NullLogger.Instance);
    }

    [Fact]
    public void Versioned_file_names_are_found_and_the_plain_name_comes_first()
    {
        File.WriteAllText(Path.Combine(_folder, "libllama-common.so"), "");
        File.WriteAllText(Path.Combine(_folder, "libllama.so.0"), "");
        Assert.Equal("libllama.so.0", Path.GetFileName(NativeFolder.File(_folder, "llama")));
        File.WriteAllText(Path.Combine(_folder, "libllama.cuda.v0.5.0.so"), "");
        Assert.Equal("libllama.cuda.v0.5.0.so", Path.GetFileName(NativeFolder.File(_folder, "llama")));
        File.WriteAllText(Path.Combine(_folder, "libllama.so"), "");
        Assert.Equal("libllama.so", Path.GetFileName(NativeFolder.File(_folder, "llama")));
    }

    [Fact]
    public void The_log_goes_to_the_logger_until_the_runtime_is_disposed()
    {
        var logger = new CollectingLogger();
        using (new TinyLlama(logger: logger))
            Assert.Contains(
                logger.Entries, entry => entry.Level == LogLevel.Debug && entry.Message.StartsWith("llama.cpp: ", StringComparison.Ordinal));
        int before = logger.Entries.Count;

        using (new TinyLlama())
            Assert.Equal(before, logger.Entries.Count);
    }

    [Fact]
    public void Runtimes_may_be_disposed_in_any_order_and_each_logs_while_it_is_open()
    {
        var firstLogger = new CollectingLogger();
        var secondLogger = new CollectingLogger();
        LlamaRuntime first = LlamaRuntime.Open(folder: null, firstLogger);
        LlamaRuntime second = LlamaRuntime.Open(folder: null, secondLogger);
        first.Dispose();
        int before = firstLogger.Entries.Count;

        using (new TinyLlama())
        {
            Assert.Equal(before, firstLogger.Entries.Count);
            Assert.Contains(secondLogger.Entries, entry => entry.Level == LogLevel.Debug);
        }
        second.Dispose();
        before = secondLogger.Entries.Count;
        using (new TinyLlama())
            Assert.Equal(before, secondLogger.Entries.Count);
    }

    private static void Patch(string file, string from, string to)
    {
        byte[] bytes = File.ReadAllBytes(file);
        int at = bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(from));
        Assert.True(at >= 0);
        Encoding.ASCII.GetBytes(to).CopyTo(bytes, at);
        File.WriteAllBytes(file, bytes);
    }
}
