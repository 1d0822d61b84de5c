using System.Net;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.Health;

public sealed class ReadinessTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_truncated_model_is_the_reason_that_health_and_requests_give()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("llamahost-test-");
        try
        {
            byte[] whole = await File.ReadAllBytesAsync(RepositoryFiles.TinyModel("tiny-llama"), Cancellation);
            await File.WriteAllBytesAsync(Path.Combine(folder.FullName, "broken.gguf"), whole[..(whole.Length / 2)], Cancellation);
            await using LocalServer server = await LocalServer.StartAsync(
                $"--LlamaHost:ModelsFolder={folder.FullName}", "--LlamaHost:DefaultModel=broken");

            JsonNode report = await Eventually.GetAsync("the model has failed", async () =>
            {
                (_, JsonNode report) = await server.Client.ReadinessAsync();
                return (string?)report["models"]![0]!["state"] == "failed" ? report : null;
            });

            Assert.Equal("not_ready", (string?)report["status"]);
            Assert.Contains("broken", (string)report["reason"]!, StringComparison.Ordinal);
            using HttpResponseMessage response = await server.Client.PostAsync("""{"prompt": "a"}""");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal("model_failed", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["code"]);
            Assert.True((await server.Client.GetAsync("/health/live")).IsSuccessStatusCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_host_without_models_is_not_ready_and_says_why()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("llamahost-test-");
        try
        {
            await using LocalServer server = await LocalServer.StartAsync($"--contentRoot={folder.FullName}");

            (bool isReady, JsonNode report) = await server.Client.ReadinessAsync();

            Assert.False(isReady);
            Assert.Contains("no model", (string)report["reason"]!, StringComparison.OrdinalIgnoreCase);
            using HttpResponseMessage response = await server.Client.PostAsync("""{"prompt": "a"}""");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_model_that_is_loaded_by_its_first_request_keeps_nobody_waiting_for_readiness()
    {
        await using LocalServer server = await LocalServer.StartAsync(
            "--LlamaHost:ModelsFolder=tests/golden/models", "--LlamaHost:DefaultModel=tiny-llama", "--LlamaHost:LoadAtStart=false",
            "--LlamaHost:Threads=1");

        (bool isReady, JsonNode report) = await server.Client.ReadinessAsync();
        Assert.True(isReady);
        Assert.Equal("not_loaded", (string?)report["models"]![0]!["state"]);

        await server.Client.GenerateAsync("""{"prompt": "a", "max_new_tokens": 1}""");

        (_, report) = await server.Client.ReadinessAsync();
        Assert.Equal("ready", (string?)report["models"]![0]!["state"]);
        JsonNode models = await server.Client.GetJsonAsync("/v1/models");
        Assert.Equal("list", (string?)models["object"]);
        Assert.Equal(("tiny-llama", "ready", 512), Describe(models["data"]![0]!));
        Assert.Contains("tiny-t5", models["data"]!.AsArray().Select(model => (string)model!["id"]!));
    }

    private static (string?, string?, int?) Describe(JsonNode model) =>
        ((string?)model["id"], (string?)model["state"], (int?)model["context_length"]);
}
