using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Native;
using LlamaHost.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaHost.Engine.Tests.Execution;

/// <summary>What an operator is told about a model that does not load.</summary>
public sealed class LlamaLoadFailureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("llamahost-models-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_missing_file_is_not_found()
    {
        ModelLoadException error = Failure(Path.Combine(_folder, "absent.gguf"));

        Assert.Equal("model_not_found", error.Code);
        Assert.Contains("absent.gguf", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(1000)]
    [InlineData(40_000)]
    [InlineData(-1)]
    [InlineData(-100_000)]
    public void A_truncated_file_is_invalid(int length)
    {
        byte[] bytes = File.ReadAllBytes(RepositoryFiles.TinyModel("tiny-llama"));
        string file = Write("truncated.gguf", bytes[..(length < 0 ? bytes.Length + length : length)]);

        ModelLoadException error = Failure(file);

        Assert.Equal("model_invalid", error.Code);
        Assert.Matches(@"^truncated\.gguf can't be loaded: [^;:]+\.$", error.Message);
    }

    [Fact]
    public void A_truncated_file_says_that_it_is_incomplete_without_paths_and_function_names()
    {
        byte[] bytes = File.ReadAllBytes(RepositoryFiles.TinyModel("tiny-llama"));

        ModelLoadException error = Failure(Write("cut.gguf", bytes[..^1000]));

        Assert.Contains("corrupted or incomplete", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("llama_model_load", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_of_another_kind_is_invalid()
    {
        byte[] bytes = File.ReadAllBytes(RepositoryFiles.TinyModel("tiny-llama"));
        "PK\u0003\u0004"u8.CopyTo(bytes);

        ModelLoadException error = Failure(Write("archive.gguf", bytes));

        Assert.Equal("model_invalid", error.Code);
        Assert.Contains("magic", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_is_not_found()
    {
        Assert.Equal("model_not_found", Failure(_folder).Code);
    }

    [Fact]
    public void An_architecture_that_llama_cpp_does_not_have_is_unsupported_and_named()
    {
        byte[] bytes = File.ReadAllBytes(RepositoryFiles.TinyModel("tiny-llama"));
        // general.architecture is the first string with this value: its length as 8 bytes, then "llama".
        int at = bytes.AsSpan().IndexOf("\u0005\0\0\0\0\0\0\0llama"u8);
        "llaxa"u8.CopyTo(bytes.AsSpan(at + 8));

        ModelLoadException error = Failure(Write("new.gguf", bytes));

        Assert.Equal("model_unsupported", error.Code);
        Assert.Equal("new.gguf can't be loaded: unknown model architecture: 'llaxa'.", error.Message);
    }

    [Fact]
    public void Cache_types_that_the_model_can_not_have_are_unsupported()
    {
        ModelLoadException error = Failure(
            Settings(RepositoryFiles.TinyModel("tiny-llama")) with { KvCacheTypeV = KvCacheType.Q8_0, FlashAttention = FlashAttention.Off });

        Assert.Equal("model_unsupported", error.Code);
        Assert.Contains("flash_attn", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_libraries_is_a_native_library_failure()
    {
        ModelLoadException error = Failure(Settings(RepositoryFiles.TinyModel("tiny-llama")) with { NativeFolder = _folder });

        Assert.Equal("native_library", error.Code);
        Assert.Contains(_folder, error.Message, StringComparison.Ordinal);
    }

    // As llama.cpp 0.5.0 words them (ggml-backend.cpp, llama-model.cpp, llama-kv-cache.cpp): memory can't be made scarce in a test.
    [Theory]
    [InlineData("ggml_backend_cpu_buffer_type_alloc_buffer: failed to allocate buffer of size 8589934592")]
    [InlineData("llama_model_load: error loading model: unable to allocate CUDA0 buffer")]
    [InlineData("llama_init_from_model: failed to initialize the context: failed to allocate buffer for kv cache")]
    [InlineData("llama_model_load: error loading model: std::bad_alloc")]
    [InlineData("ggml_backend_cuda_buffer_type_alloc_buffer: allocating 4096.00 MiB on device 0: cudaMalloc failed: out of memory")]
    public void Reasons_that_speak_of_memory_are_out_of_memory(string line)
    {
        ModelLoadException error = ModelLoadFailure.From(new LlamaException("The model can't be loaded", [line]), "large.gguf");

        Assert.Equal("out_of_memory", error.Code);
    }

    [Fact]
    public void Loading_can_be_cancelled()
    {
        using CancellationTokenSource cancellation = new();

        Assert.Throws<OperationCanceledException>(() => LlamaExecutor.Load(
            Settings(RepositoryFiles.TinyModel("tiny-llama")), _ => cancellation.Cancel(), NullLoggerFactory.Instance, cancellation.Token));
    }

    private static EngineSettings Settings(string path) => new() { ModelPath = path, MaxSequences = 2, Threads = 1 };

    private static ModelLoadException Failure(string path) => Failure(Settings(path));

    private static ModelLoadException Failure(EngineSettings settings) => Assert.Throws<ModelLoadException>(
        () => LlamaExecutor.Load(settings, _ => { }, NullLoggerFactory.Instance, TestContext.Current.CancellationToken));

    private string Write(string name, byte[] bytes)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllBytes(file, bytes);
        return file;
    }
}
