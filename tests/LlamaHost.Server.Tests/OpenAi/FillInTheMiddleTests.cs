using System.Text.Json.Nodes;
using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenAi.Completions;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi;

public sealed class FillInTheMiddleTests
{
    [Fact]
    public async Task The_tokens_are_found_by_their_spelling_and_put_around_the_texts()
    {
        Dictionary<string, int> vocabulary = new() { ["<fim_prefix>"] = 90, ["<fim_suffix>"] = 91, ["<fim_middle>"] = 92 };

        FillInTheMiddle marks = await FillInTheMiddle.FindAsync(
            text => Task.FromResult<IReadOnlyList<int>>(vocabulary.TryGetValue(text, out int id) ? [id] : [1, 2, 3]));

        Assert.Equal([7, 90, 1, 2, 91, 3, 92], marks.Compose([7], [1, 2], [3]));
    }

    [Fact]
    public async Task A_vocabulary_without_them_refuses_a_suffix_even_if_the_unknown_is_one_token()
    {
        ApiException error = await Assert.ThrowsAsync<ApiException>(
            () => FillInTheMiddle.FindAsync(_ => Task.FromResult<IReadOnlyList<int>>([0])));

        Assert.Equal((400, "suffix", ErrorCodes.UnsupportedByModel), (error.Status, error.Field, error.Code));
    }

    [Fact]
    public async Task A_model_that_has_them_writes_between_prompt_and_suffix()
    {
        await using LocalServer server = await LocalServer.StartTinyAsync(
            "--LlamaHost:ModelsFolder=tests/models", "--LlamaHost:DefaultModel=tiny-fim");
        int[] before = await TokensAsync(server, "Once upon"), after = await TokensAsync(server, " the end.");
        int[] marks = await TokensAsync(server, "<|fim_prefix|><|fim_suffix|><|fim_middle|>");
        Assert.Equal(3, marks.Length);

        JsonNode filled = await server.Client.AskAsync(
            "/v1/completions", new { prompt = "Once upon", suffix = " the end.", temperature = 0, max_tokens = 12 });
        int[] begin = await BeginAsync(server);
        JsonNode spelt = await server.Client.AskAsync("/v1/completions", new
        {
            prompt = (int[])[.. begin, marks[0], .. before, marks[1], .. after, marks[2]], temperature = 0, max_tokens = 12,
        });

        Assert.Equal((string?)spelt["choices"]![0]!["text"], (string?)filled["choices"]![0]!["text"]);
        Assert.Equal((int)spelt["usage"]!["prompt_tokens"]!, (int)filled["usage"]!["prompt_tokens"]!);
    }

    private static async Task<int[]> TokensAsync(LocalServer server, string text) =>
        await TokenizeAsync(server, new { text, add_special_tokens = false });

    private static async Task<int[]> BeginAsync(LocalServer server) => await TokenizeAsync(server, new { text = "", add_special_tokens = true });

    private static async Task<int[]> TokenizeAsync(LocalServer server, object body) =>
        [.. (await server.Client.AskAsync("/tokenize", body))["token_ids"]!.AsArray().Select(id => (int)id!)];
}
