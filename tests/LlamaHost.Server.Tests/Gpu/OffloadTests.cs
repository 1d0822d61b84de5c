using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Gpu;

/// <summary>Layers on a GPU, from the settings to the answer. The models are exact, so the GPU's tokens are the CPU's.</summary>
public sealed class OffloadTests
{
    private const string Request = """{"prompt": "Once upon a time there was", "max_new_tokens": 24, "num_return_sequences": 2, "num_beams": 2}""";

    [Theory]
    [InlineData("all", 3)]
    [InlineData("auto", 3)]
    [InlineData("2", 2)]
    [InlineData("1", 1)]
    public async Task Greedy_tokens_are_the_CPU_s_however_many_layers_are_on_the_GPU(string gpuLayers, int expected)
    {
        string[] onGpu = [.. Lavapipe.Settings(), $"--LlamaHost:GpuLayers={gpuLayers}"];
        await using LocalServer cpu = await LocalServer.StartTinyAsync();
        await using LocalServer gpu = await LocalServer.StartTinyAsync(onGpu);

        Assert.Equal(await TextsAsync(cpu), await TextsAsync(gpu));
        JsonNode placement = await PlacementAsync(gpu);
        Assert.Equal((expected, 3), ((int)placement["gpu_layers"]!, (int)placement["layers"]!));
        Assert.Equal(gpuLayers, (string?)placement["requested_gpu_layers"]);
        Assert.Equal(0, (int)(await PlacementAsync(cpu))["gpu_layers"]!);
        string metrics = await gpu.Client.GetTextAsync("/metrics");
        Assert.Contains($"llamahost_gpu_layers{{model=\"tiny-llama\"}} {expected}\n", metrics, StringComparison.Ordinal);
        Assert.Contains("llamahost_layers{model=\"tiny-llama\"} 3\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Memory_is_where_the_layers_are_and_as_much_as_on_the_CPU()
    {
        string[] onGpu = Lavapipe.Settings();
        await using LocalServer none = await LocalServer.StartTinyAsync([.. onGpu, "--LlamaHost:GpuLayers=0"]);
        await using LocalServer some = await LocalServer.StartTinyAsync([.. onGpu, "--LlamaHost:GpuLayers=2"]);
        await using LocalServer all = await LocalServer.StartTinyAsync([.. onGpu, "--LlamaHost:GpuLayers=all"]);
        await using LocalServer host = await LocalServer.StartTinyAsync([.. onGpu, "--LlamaHost:GpuLayers=all", "--LlamaHost:OffloadKv=false"]);

        JsonNode onNone = await PlacementAsync(none), onSome = await PlacementAsync(some), onAll = await PlacementAsync(all);

        Assert.Equal(["CPU"], onNone["devices"]!.AsArray().Select(device => (string)device!["name"]!));
        Assert.Equal(["Vulkan0", "CPU"], onAll["devices"]!.AsArray().Select(device => (string)device!["name"]!));
        Assert.StartsWith("llvmpipe", (string)onAll["devices"]![0]!["description"]!, StringComparison.Ordinal);
        Assert.Equal(("gpu", "libggml-vulkan.so"), ((string?)onAll["devices"]![0]!["kind"], (string?)onAll["devices"]![0]!["library"]));
        // Two blocks and the output: with two layers, the second block's KV is on the GPU; with all, both.
        long kv = (long)onNone["kv_bytes"]!;
        Assert.Equal((kv, kv, kv), ((long)onSome["kv_bytes"]!, (long)onAll["kv_bytes"]!, (long)(await PlacementAsync(host))["kv_bytes"]!));
        Assert.Equal(kv / 2, Of(onSome, "Vulkan0", "kv_bytes"));
        Assert.Equal(kv, Of(onAll, "Vulkan0", "kv_bytes"));
        Assert.Equal(kv, Of(await PlacementAsync(host), "CPU", "kv_bytes"));
        Assert.InRange(Of(onSome, "Vulkan0", "weight_bytes"), 1, Of(onAll, "Vulkan0", "weight_bytes") - 1);
        Assert.Equal((1, 2), (Of(onSome, "CPU", "layers"), Of(onSome, "Vulkan0", "layers")));
        (_, JsonNode readiness) = await all.Client.ReadinessAsync();
        Assert.True(JsonNode.DeepEquals(onAll, readiness["models"]![0]!["placement"]));
        Assert.Contains("Vulkan0", (string?)readiness["models"]![0]!["backend"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_GPUs_share_the_layers_as_they_are_told_to()
    {
        string[] two = [.. Lavapipe.Settings(devices: 2), "--LlamaHost:GpuLayers=all"];
        await using LocalServer cpu = await LocalServer.StartTinyAsync();
        await using LocalServer split = await LocalServer.StartTinyAsync([.. two, "--LlamaHost:TensorSplit=1,2"]);
        await using LocalServer single = await LocalServer.StartTinyAsync([.. two, "--LlamaHost:SplitMode=None", "--LlamaHost:MainGpu=1"]);
        await using LocalServer named = await LocalServer.StartTinyAsync([.. two, "--LlamaHost:Devices=vulkan1"]);

        Assert.Equal([("Vulkan0", 1), ("Vulkan1", 2), ("CPU", 0)], await LayersAsync(split));
        Assert.Equal([("Vulkan1", 3), ("CPU", 0)], await LayersAsync(single));
        Assert.Equal([("Vulkan1", 3), ("CPU", 0)], await LayersAsync(named));
        Assert.Equal(await TextsAsync(cpu), await TextsAsync(split));
    }

    [Fact]
    public async Task A_GPU_that_is_asked_for_and_not_there_keeps_the_server_from_being_ready_with_what_is_missing_as_the_reason()
    {
        await using LocalServer server = await LocalServer.StartAsync([.. Tiny(), .. Lavapipe.WithoutDriver(), "--LlamaHost:GpuLayers=all"]);

        JsonNode report = await FailedAsync(server);

        Assert.Equal("not_ready", (string?)report["status"]);
        Assert.Equal(
            "No GPU can be used: libggml-vulkan.so: ggml_backend_init returned NULL (there is no Vulkan driver, such as those of the package "
                + "mesa-vulkan-drivers, or GGML_VK_VISIBLE_DEVICES names a device that is not there). "
                + "The model is not served from the CPU instead, because GpuLayers is all and AllowCpuFallback is not set.",
            (string?)report["reason"]);
        Assert.Equal(report["reason"]!.ToString(), (string?)(await server.Client.GetJsonAsync("/v1/models/tiny-llama"))["reason"]);
        using HttpResponseMessage refused = await server.Client.PostAsync("""{"prompt": "a"}""");
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, refused.StatusCode);
    }

    [Theory]
    [InlineData("--LlamaHost:GpuLayers=auto")]
    [InlineData("--LlamaHost:GpuLayers=2", "--LlamaHost:AllowCpuFallback=true")]
    public async Task The_CPU_serves_instead_where_the_settings_allow_it_and_the_reason_is_shown(params string[] settings)
    {
        await using LocalServer server = await LocalServer.StartTinyAsync([.. Lavapipe.WithoutDriver(), .. settings]);

        JsonNode placement = await PlacementAsync(server);

        Assert.Equal(0, (int)placement["gpu_layers"]!);
        Assert.StartsWith("No GPU can be used: libggml-vulkan.so: ", (string?)placement["note"], StringComparison.Ordinal);
        Assert.Equal("libggml-vulkan.so", (string?)placement["unusable_backends"]![0]!["library"]);
        await server.Client.GenerateAsync("""{"prompt": "a", "max_new_tokens": 1}""");
    }

    [Fact]
    public async Task A_device_that_is_not_there_is_named_with_those_that_are()
    {
        await using LocalServer server = await LocalServer.StartAsync(
            [.. Tiny(), .. Lavapipe.Settings(), "--LlamaHost:GpuLayers=1", "--LlamaHost:Devices=CUDA0"]);

        Assert.StartsWith(
            "There is no device CUDA0; there are Vulkan0.", (string?)(await FailedAsync(server))["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Automatic_layers_leave_the_margin_free()
    {
        // lavapipe has 2 GiB and says that all are free.
        await using LocalServer server = await LocalServer.StartTinyAsync([.. Lavapipe.Settings(), "--LlamaHost:GpuMemoryMarginMiB=2048"]);

        JsonNode placement = await PlacementAsync(server);

        Assert.Equal(0, (int)placement["gpu_layers"]!);
        Assert.StartsWith("Not one layer fits on Vulkan0", (string?)placement["note"], StringComparison.Ordinal);
    }

    // A driver that refuses larger buffers, though it says that two gigabytes are free: the plan is right, and memory runs out all the same. The KV
    // cache is 16 MiB in one buffer if both blocks are on the GPU, 8 MiB if one is, and nothing for the output. (Where a single tensor exceeds the
    // largest buffer, 4 MiB here, llama.cpp aborts.)
    [Theory]
    [InlineData(12_000_000, 2)]
    [InlineData(6_000_000, 1)]
    public async Task Running_out_of_memory_against_the_plan_ends_with_fewer_layers(int mostBytes, int expected)
    {
        await using LocalServer server = await LocalServer.StartTinyAsync([.. Refusing(mostBytes), "--LlamaHost:GpuLayers=auto"]);

        JsonNode placement = await PlacementAsync(server);

        Assert.Equal(expected, (int)placement["gpu_layers"]!);
        Assert.Matches("Vulkan0 \\([0-9]{1,2} of 2048 MiB free may be used\\)", (string)placement["note"]!);
    }

    [Fact]
    public async Task Running_out_of_memory_with_layers_that_were_asked_for_is_the_reason_with_what_they_need()
    {
        await using LocalServer server = await LocalServer.StartAsync([.. Tiny(), .. Refusing(12_000_000), "--LlamaHost:GpuLayers=all"]);

        Assert.Matches("Vulkan0 needs [0-9]{1,2} MiB and has 2048 MiB free", (string)(await FailedAsync(server))["reason"]!);
    }

    // A tensor of 4 MiB that can't be in any buffer: llama.cpp has no way to say so but to end the process.
    [Fact]
    public async Task A_load_that_llama_cpp_aborts_has_its_words_as_the_reason()
    {
        await using LocalServer server = await LocalServer.StartAsync([.. Tiny(), .. Refusing(500_000), "--LlamaHost:GpuLayers=all"]);

        Assert.Matches(
            @"^The worker died by signal 6 while loading the model: ggml-backend\.cpp:[0-9]+: pre-allocated tensor \(cache_k_l0\) in a buffer",
            (string)(await FailedAsync(server))["reason"]!);
    }

    private static string[] Refusing(int bytes) =>
    [
        .. Lavapipe.Settings(), $"--LlamaHost:WorkerEnvironment:GGML_VK_FORCE_MAX_BUFFER_SIZE={bytes}",
        "--LlamaHost:KvCells=32768", "--LlamaHost:MaxSequences=2", "--LlamaHost:BatchTokens=8", "--LlamaHost:KvCacheTypeK=F32",
        "--LlamaHost:KvCacheTypeV=F32",
    ];

    private static string[] Tiny() =>
        ["--LlamaHost:ModelsFolder=tests/golden/models", "--LlamaHost:DefaultModel=tiny-llama", "--LlamaHost:Threads=1"];

    private static Task<JsonNode> FailedAsync(LocalServer server) => Eventually.GetAsync("the model has failed", async () =>
    {
        (_, JsonNode report) = await server.Client.ReadinessAsync();
        return (string?)report["models"]![0]!["state"] == "failed" ? report : null;
    });

    private static async Task<JsonNode> PlacementAsync(LocalServer server) =>
        (await server.Client.GetJsonAsync("/v1/models/tiny-llama"))["placement"]!;

    private static async Task<IEnumerable<(string, int)>> LayersAsync(LocalServer server) =>
        (await PlacementAsync(server))["devices"]!.AsArray().Select(device => ((string)device!["name"]!, (int)device["layers"]!));

    private static async Task<string[]> TextsAsync(LocalServer server) =>
        [.. (await server.Client.GenerateAsync(Request))["sequences"]!.AsArray().Select(sequence => (string)sequence!["generated_text"]!)];

    private static long Of(JsonNode placement, string device, string field) =>
        (long)placement["devices"]!.AsArray().Single(one => (string?)one!["name"] == device)![field]!;
}
