using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi;

public sealed class ModelsTests(TinyServer server) : IClassFixture<TinyServer>
{
    [Fact]
    public async Task The_list_has_every_model_in_OpenAI_s_shape()
    {
        JsonNode list = await server.Client.GetJsonAsync("/v1/models");

        Assert.Equal("list", (string?)list["object"]);
        Assert.Equal("tiny-llama", (string?)list["data"]![0]!["id"]);
        Assert.All(list["data"]!.AsArray(), model =>
        {
            Assert.Equal("model", (string?)model!["object"]);
            Assert.True((long)model["created"]! > 0);
            Assert.False(string.IsNullOrEmpty((string?)model["owned_by"]));
        });
    }

    [Theory]
    [InlineData("tiny-llama", "tiny-llama")]
    [InlineData("tiny-stablelm", "tiny-stablelm")]
    [InlineData("default", "tiny-llama")]
    [InlineData("gpt-3.5-turbo", "tiny-llama")]
    public async Task A_model_is_found_by_its_id_or_a_placeholder(string name, string id)
    {
        JsonNode model = await server.Client.GetJsonAsync($"/v1/models/{name}");

        Assert.Equal(("model", id), ((string?)model["object"], (string?)model["id"]));
        Assert.Equal(id == "tiny-llama", (bool)model["is_default"]!);
    }

    [Theory]
    [InlineData("no-such-model", "no-such-model")]
    [InlineData("org/no-such-model", "org/no-such-model")]
    [InlineData("org%2Fno-such-model", "org/no-such-model")]
    public async Task An_unknown_model_is_a_404_that_names_it(string path, string id)
    {
        using HttpResponseMessage response = await server.Client.GetAsync($"/v1/models/{path}");
        JsonNode error = await GenerateClient.OpenAiErrorOf(404, response);

        Assert.Equal(
            ("model_not_found", "model", "invalid_request_error"), ((string?)error["code"], (string?)error["param"], (string?)error["type"]));
        Assert.Contains($"'{id}'", (string?)error["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("org/tiny")]
    [InlineData("org%2Ftiny")]
    public async Task Ids_may_have_slashes_and_placeholders_are_configurable(string path)
    {
        await using LocalServer own = await LocalServer.StartTinyAsync(
            "--LlamaHost:Models:0:Id=org/tiny", "--LlamaHost:Models:0:Path=tests/golden/models/tiny-llama.gguf", "--Server:PlaceholderModels:0=any");

        JsonNode model = await own.Client.GetJsonAsync($"/v1/models/{path}");
        Assert.Equal("org/tiny", (string?)model["id"]);
        Assert.Equal("tiny-llama", (string?)(await own.Client.GetJsonAsync("/v1/models/any"))["id"]);
        using HttpResponseMessage unknown = await own.Client.GetAsync("/v1/models/gpt-3.5-turbo");
        await GenerateClient.OpenAiErrorOf(404, unknown);
    }
}
