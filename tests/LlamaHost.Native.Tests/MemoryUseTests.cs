using System.Globalization;
using System.Text.RegularExpressions;
using LlamaHost.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaHost.Native.Tests;

/// <summary>The log is the whole process's, so nothing may run beside it.</summary>
[Collection("alone")]
public sealed partial class MemoryUseTests
{
    // The log's figures have two decimals.
    private const double HundredthMiB = 0.01;

    [Fact]
    public void Memory_use_is_what_llama_cpp_logs_of_its_buffers()
    {
        var logger = new CollectingLogger();
        using var tiny = new TinyLlama(logger: logger);
        using LlamaContext context = tiny.NewContext();

        DeviceMemoryUse use = Assert.Single(context.MemoryUse()!);

        Assert.Equal(DeviceMemoryUse.Host, use.Device);
        Assert.Equal(Logged(logger, "model"), MiB(use.WeightBytes), HundredthMiB);
        Assert.Equal(Logged(logger, "KV"), MiB(use.KvBytes), HundredthMiB);
        Assert.Equal(Logged(logger, "compute"), MiB(use.ComputeBytes), HundredthMiB);
        Assert.Equal(use.WeightBytes + use.KvBytes + use.ComputeBytes, use.TotalBytes);
    }

    [Fact]
    public void A_model_that_is_only_measured_takes_as_much_as_a_loaded_one()
    {
        using var loaded = new TinyLlama();
        using LlamaContext real = loaded.NewContext();
        using LlamaModel measured = LlamaModel.Load(
            loaded.Runtime, RepositoryFiles.TinyModel("tiny-llama"), new LlamaModelOptions { MeasureOnly = true }, progress: null,
            CancellationToken.None);
        using var unreal = new LlamaContext(measured, TinyLlama.Exact);

        DeviceMemoryUse actual = Assert.Single(real.MemoryUse()!), forecast = Assert.Single(unreal.MemoryUse()!);

        Assert.Equal(actual.KvBytes, forecast.KvBytes);
        Assert.Equal(actual.ComputeBytes, forecast.ComputeBytes);
        // A mapped file's buffer has the gaps between its tensors too.
        Assert.InRange(forecast.WeightBytes, actual.WeightBytes * 0.9, actual.WeightBytes * 1.1);
    }

    [Fact]
    public void Without_a_GPU_every_layer_is_the_CPU_s()
    {
        using var tiny = new TinyLlama();

        IReadOnlyList<string> layers = tiny.Model.LayerDevices()!;

        Assert.Equal(tiny.Model.LayerCount + 1, layers.Count);
        Assert.All(layers, device => Assert.Equal("CPU", device));
    }

    [Fact]
    public void A_vocabulary_alone_has_no_layers_anywhere()
    {
        using LlamaRuntime runtime = LlamaRuntime.Open(folder: null, NullLogger.Instance);
        using LlamaModel vocabulary = LlamaModel.Load(
            runtime, RepositoryFiles.TinyModel("tiny-llama"), new LlamaModelOptions { VocabularyOnly = true }, progress: null,
            CancellationToken.None);

        Assert.Null(vocabulary.LayerDevices());
    }

    [Fact]
    public void A_device_that_is_not_there_is_named()
    {
        using LlamaRuntime runtime = LlamaRuntime.Open(folder: null, NullLogger.Instance);

        var error = Assert.Throws<ArgumentException>(() => LlamaModel.Load(
            runtime, RepositoryFiles.TinyModel("tiny-llama"), new LlamaModelOptions { Devices = ["CUDA7"] }, progress: null,
            CancellationToken.None));

        Assert.Contains("CUDA7", error.Message, StringComparison.Ordinal);
    }

    private static double MiB(long bytes) => bytes / (double)(1 << 20);

    private static double Logged(CollectingLogger logger, string buffer) =>
        logger.Entries.Select(entry => Size().Match(entry.Message)).Where(match => match.Success && match.Groups["buffer"].Value == buffer)
            .Sum(match => double.Parse(match.Groups["MiB"].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"(?<buffer>model|KV|compute) buffer size = +(?<MiB>[0-9.]+) MiB")]
    private static partial Regex Size();
}
