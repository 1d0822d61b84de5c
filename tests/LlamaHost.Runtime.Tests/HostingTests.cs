using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Configuration;
using LlamaHost.Runtime.Generations;
using LlamaHost.Runtime.Tests.Harness;
using LlamaHost.Tests;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LlamaHost.Runtime.Tests;

/// <summary>The runtime in a host, configured as a user configures it.</summary>
public sealed class HostingTests
{
    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_default_model_is_loaded_with_the_host_and_open_generations_end_before_it_stops()
    {
        using IHost host = Build(("ModelsFolder", "tests/golden/models"), ("DefaultModel", "tiny-llama-spm"), ("Threads", "1"));
        await host.StartAsync(Patience);
        InferenceRuntime runtime = host.Services.GetRequiredService<InferenceRuntime>();
        Assert.Equal(["tiny-llama-spm", "tiny-llama", "tiny-stablelm", "tiny-t5"], runtime.Models.Select(model => model.Id));
        // Asked for by nobody but the host.
        while (runtime.Status(runtime.Models[0]).State != ModelState.Ready)
            await Task.Delay(TimeSpan.FromMilliseconds(10), Patience);
        Assert.Equal(ModelState.NotLoaded, runtime.Status(runtime.Models[1]).State);

        var stop = new StopSettings { MaxNewTokens = 200, EosTokenIds = [] };
        var request = new GenerationRequest { Id = "a", PromptTokens = [1, 482, 690], Stop = stop };
        Generation open = Assert.Single(await runtime.StartAsync(runtime.Models[0], [request], Patience));
        await host.StopAsync(Patience);
        Assert.Equal(FinishReason.Length, (await ReadSequences.ReadAsync(open, Patience)).Finishes[0]!.Reason);
    }

    [Fact]
    public async Task A_model_s_own_settings_go_before_those_for_all()
    {
        using IHost host = Build(
            ("ModelsFolder", "nowhere"), ("LoadAtStart", "false"), ("ContextLength", "256"), ("MaxSequences", "3"), ("Threads", "1"),
            ("Models:0:Path", "tests/golden/models/tiny-llama.gguf"), ("Models:0:Id", "small"), ("Models:0:ContextLength", "128"),
            ("Models:1:Path", "tests/golden/models/tiny-llama.gguf"), ("Models:1:Id", "large"));
        await host.StartAsync(Patience);
        InferenceRuntime runtime = host.Services.GetRequiredService<InferenceRuntime>();
        Assert.All(runtime.Models, model => Assert.Equal(ModelState.NotLoaded, runtime.Status(model).State));
        ModelDescription small = await runtime.EnsureReadyAsync(runtime.Resolve("small"), Patience);
        ModelDescription large = await runtime.EnsureReadyAsync(runtime.Resolve("large"), Patience);
        Assert.Equal((128, 3), (small.ContextLength, small.MaxSequences));
        Assert.Equal((256, 3), (large.ContextLength, large.MaxSequences));
        await host.StopAsync(Patience);
    }

    [Fact]
    public void Relative_paths_are_below_the_content_root()
    {
        using IHost host = Build(
            ("ModelsFolder", "m"), ("NativeFolder", "n"), ("WorkerPath", "w"), ("Models:0:Path", "../a.gguf"), ("Models:1:Path", "/b.gguf"));
        RuntimeOptions options = host.Services.GetRequiredService<IOptions<RuntimeOptions>>().Value;
        string root = RepositoryFiles.Root;
        Assert.Equal(
            [Path.Combine(root, "m"), Path.Combine(root, "n"), Path.Combine(root, "w"), Path.GetFullPath(Path.Combine(root, "../a.gguf")), "/b.gguf"],
            [options.ModelsFolder, options.NativeFolder, options.WorkerPath, .. options.Models.Select(model => model.Path)]);
    }

    [Fact]
    public async Task All_mistakes_of_the_options_are_told_at_start()
    {
        using IHost host = Build(
            ("MaxOpenSequences", "0"), ("MaxWorkerLosses", "0"), ("LoadTimeout", "00:00:00"), ("LoadWait", "-00:00:01"), ("MaxSequences", "257"),
            ("Models:0:Path", ""), ("Models:1:Path", "b"), ("Models:1:Threads", "-1"),
            ("Models:2:Path", "c"), ("Models:2:Id", "x"), ("Models:3:Path", "d"), ("Models:3:Id", "x"));
        OptionsValidationException invalid = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Patience));
        Assert.Equal(
            [
                "LlamaHost: MaxOpenSequences is 0; it must be 1 or more.",
                "LlamaHost: MaxWorkerLosses is 0; it must be 1 or more.",
                "LlamaHost: LoadTimeout is 00:00:00; it must be above 0 and at most 24.20:31:23.6470000.",
                "LlamaHost: LoadWait is -00:00:01; it must be 0 or more and at most 24.20:31:23.6470000.",
                "LlamaHost: MaxSequences is 257; it must be 1 to 256.",
                "LlamaHost: Models:0:Path is empty.",
                "LlamaHost: Models:1:Threads is -1; it must be 0 or more.",
                "LlamaHost: 2 configured models have the id 'x'.",
            ],
            invalid.Failures);
    }

    [Fact]
    public async Task Mistakes_in_what_is_said_of_GPUs_are_told_at_start()
    {
        using IHost host = Build(
            ("GpuLayers", "-1"), ("MainGpu", "-1"), ("GpuMemoryMarginMiB", "-1"), ("TensorSplit", "1,-2"), ("Devices", "CUDA0,cuda0"),
            ("FlashAttention", "Off"), ("KvCacheTypeV", "Q8_0"),
            ("Models:0:Path", "a"), ("Models:0:MainGpu", "1"), ("Models:0:GpuLayers", "most"), ("Models:0:WorkerEnvironment:A=B", "1"),
            ("Models:1:Path", "b"), ("Models:1:Devices", "CUDA0,CUDA1"), ("Models:1:TensorSplit", "1,2,3"), ("Models:1:MainGpu", "0"),
            ("Models:2:Path", "c"), ("Models:2:SplitMode", "None"), ("Models:2:TensorSplit", "1"), ("Models:2:Devices", "CUDA0"));
        OptionsValidationException invalid = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Patience));
        Assert.Equal(
            [
                "LlamaHost: GpuLayers is '-1'; it must be 'auto', 'all', or a number of layers, 0 or more.",
                "LlamaHost: MainGpu is -1; it must be 0 or more.",
                "LlamaHost: GpuMemoryMarginMiB is -1; it must be 0 or more.",
                "LlamaHost: TensorSplit is '1,-2'; it must be numbers with commas between them, such as '3,1', none of them negative and not all 0.",
                "LlamaHost: Devices is 'CUDA0,cuda0'; it must name each device once.",
                "LlamaHost: MainGpu is -1; it counts only if SplitMode is None.",
                "LlamaHost: KvCacheTypeV is Q8_0, which needs flash attention, but FlashAttention is Off.",
                "LlamaHost: Models:0:GpuLayers is 'most'; it must be 'auto', 'all', or a number of layers, 0 or more.",
                "LlamaHost: Models:0:WorkerEnvironment has the name 'A=B', which no environment variable can have.",
                "LlamaHost: Models:0:MainGpu is 1; it counts only if SplitMode is None.",
                "LlamaHost: Models:1:TensorSplit has 3 proportions; it must have as many as Devices has names, which is 2.",
                "LlamaHost: Models:2:TensorSplit shares layers out among devices, but SplitMode is None.",
            ],
            invalid.Failures);
    }

    [Fact]
    public void What_is_said_of_GPUs_reaches_the_worker_with_the_model_s_own_before_that_for_all()
    {
        using IHost host = Build(
            ("GpuLayers", "ALL"), ("Devices", "Vulkan1, Vulkan0"), ("TensorSplit", "3, 0.5"), ("OffloadKv", "false"), ("GpuMemoryMarginMiB", "7"),
            ("WorkerEnvironment:A", "all"), ("WorkerEnvironment:B", "all"),
            ("Models:0:Path", "a"), ("Models:0:GpuLayers", "12"), ("Models:0:AllowCpuFallback", "true"), ("Models:0:WorkerEnvironment:B", "own"));
        RuntimeOptions options = host.Services.GetRequiredService<IOptions<RuntimeOptions>>().Value;

        OffloadSettings all = options.EngineSettingsFor(own: null, "m").Offload, own = options.EngineSettingsFor(options.Models[0], "m").Offload;

        Assert.Equal(GpuLayers.All, all.GpuLayers);
        Assert.Equal(["Vulkan1", "Vulkan0"], all.Devices);
        Assert.Equal([3f, 0.5f], all.TensorSplit);
        Assert.Equal((false, 7, false), (all.OffloadKv, all.GpuMemoryMarginMiB, all.MayFallBack));
        Assert.Equal((GpuLayers.Exactly(12), true, 7), (own.GpuLayers, own.MayFallBack, own.GpuMemoryMarginMiB));
        Assert.Equal(
            [new("A", "all"), new("B", "own")],
            options.WorkerEnvironmentFor(options.Models[0]).OrderBy(variable => variable.Key, StringComparer.Ordinal));
        Assert.True(new RuntimeOptions().EngineSettingsFor(own: null, "m").Offload is { GpuLayers.IsAuto: true, MayFallBack: true });
    }

    private static IHost Build(params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new() { ContentRootPath = RepositoryFiles.Root });
        builder.Configuration.AddInMemoryCollection(
            settings.Select(one => KeyValuePair.Create($"{RuntimeOptions.SectionName}:{one.Key}", (string?)one.Value)));
        builder.Services.AddSingleton<ILoggerFactory>(new TestLoggers());
        builder.Services.AddInferenceRuntime().BindConfiguration(RuntimeOptions.SectionName);
        return builder.Build();
    }
}
