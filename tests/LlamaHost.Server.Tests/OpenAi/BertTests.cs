using System.Net;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.OpenAi;

/// <summary>
/// A model that reads both ways and embeds, and does nothing else. <c>tests/models/make.py</c> made it, and has its vectors from numpy.
/// </summary>
public sealed class BertTests
{
    // llama.cpp's GELU looks numbers up in a table of 16-bit floats.
    private const double Tolerance = 1e-3;

    [Fact]
    public async Task It_embeds_as_numpy_computes_one_by_one_and_together()
    {
        await using LocalServer server = await StartAsync();
        string file = Path.Combine(RepositoryFiles.Root, "tests", "models", "tiny-bert.json");
        JsonNode[] cases = [.. JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!.AsArray()!];
        string[] texts = [.. cases.Select(one => (string)one["text"]!)];

        JsonArray together = (await server.Client.AskAsync("/v1/embeddings", new { input = texts }))["data"]!.AsArray();

        Assert.Equal(4, cases.Length);
        foreach ((JsonNode one, JsonNode? embedded) in cases.Zip(together))
        {
            JsonNode alone = await server.Client.AskAsync("/v1/embeddings", new { input = (string)one["text"]! });
            AssertClose(one["embedding"]!, embedded!["embedding"]!);
            AssertClose(one["embedding"]!, alone["data"]![0]!["embedding"]!);
            Assert.Equal(one["token_ids"]!.AsArray().Count, (int)alone["usage"]!["prompt_tokens"]!);
        }
    }

    [Theory]
    [InlineData("/generate", """{"prompt": "hello"}""")]
    [InlineData("/v1/completions", """{"prompt": "hello"}""")]
    [InlineData("/v1/chat/completions", """{"messages": [{"role": "user", "content": "hello"}]}""")]
    public async Task It_is_not_asked_for_text(string path, string body)
    {
        await using LocalServer server = await StartAsync();

        using HttpResponseMessage response = await server.Client.PostToAsync(path, body);
        string answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("embed", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_text_beyond_its_positions_is_refused_with_both_counts()
    {
        await using LocalServer server = await StartAsync();

        using HttpResponseMessage response = await server.Client.PostToAsync(
            "/v1/embeddings", new JsonObject { ["input"] = string.Join(' ', Enumerable.Repeat("hello", 80)) }.ToJsonString());
        string answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("64", answer, StringComparison.Ordinal);
        Assert.Contains("82", answer, StringComparison.Ordinal);
    }

    private static Task<LocalServer> StartAsync() =>
        LocalServer.StartTinyAsync("--LlamaHost:ModelsFolder=tests/models", "--LlamaHost:DefaultModel=tiny-bert");

    private static void AssertClose(JsonNode expected, JsonNode actual)
    {
        double[] left = [.. expected.AsArray().Select(value => (double)value!)], right = [.. actual.AsArray().Select(value => (double)value!)];
        Assert.Equal(left.Length, right.Length);
        Assert.All(left.Zip(right), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }
}
