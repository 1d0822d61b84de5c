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
