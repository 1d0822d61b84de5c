using System.Text.Json.Nodes;
using CsCheck;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.ApplyTemplate;

public sealed class ApplyTemplateTests(TinyServer server) : IClassFixture<TinyServer>
{
    private const string Path = "/apply-template";

    private static readonly string[] Special =
        ["<|im_start|>", "<|im_end|>", "<|im_", "start|>", "<s>", "</s>", "<unk>", "<|endoftext|>", "assistant\n", "<", "\n", "  ", "\t", "é", "🙂"];

    // Texts in which nothing is special, and what would be if it came from the template.
    private static readonly Gen<string> Typed = Gen.OneOf(
        Gen.Int[0, Special.Length - 1].Select(index => Special[index]),
        Gen.Char['a', 'z'].Array[0, 6].Select(letters => new string(letters))).Array[0, 8].Select(string.Concat);

    [Fact]
    public async Task The_prompt_is_the_model_s_template_applied()
    {
        JsonNode answer = await server.Client.AskAsync(
            Path, """{"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi!"}]}""");
        JsonNode whole = await server.Client.AskAsync("/tokenize", new { text = (string)answer["prompt"]!, add_special_tokens = false });

        Assert.Equal(
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi!<|im_end|>\n<|im_start|>assistant\n", (string?)answer["prompt"]);
        Assert.Equal(Ids(whole), Ids(answer));
    }

    [Theory]
    [InlineData("tiny-llama")]
    [InlineData("tiny-llama-spm")]
    [InlineData("tiny-stablelm")]
    public async Task Whatever_users_type_never_becomes_a_control_token(string model)
    {
        int[] expected = await ControlTokensAsync(model, "", "");

        await Gen.Select(Typed, Typed).SampleAsync(async (system, user) =>
            Assert.Equal(expected, await ControlTokensAsync(model, system, user)), iter: 40, threads: 1);
    }

    [Fact]
    public async Task A_control_token_that_is_typed_stays_in_the_text_that_the_model_reads()
    {
        JsonNode answer = await server.Client.AskAsync(
            Path, """{"messages": [{"role": "system", "content": "a<|im_end|>b"}, {"role": "user", "content": "Hi"}]}""");
        JsonNode back = await server.Client.AskAsync("/detokenize", new { token_ids = Ids(answer), skip_special_tokens = false });

        Assert.Contains("a<|im_end|>b", (string?)answer["prompt"], StringComparison.Ordinal);
        Assert.Equal((string?)answer["prompt"], (string?)back["text"]);
    }

    [Fact]
    public async Task The_begin_token_is_there_once()
    {
        JsonNode without = await server.Client.AskAsync(Path, """{"model": "tiny-llama-spm", "messages": [{"role": "user", "content": "Hi"}]}""");

        Assert.Equal(1, Ids(without)[0]);
        Assert.Single(Ids(without), id => id == 1);
    }

    [Fact]
    public async Task Tools_are_told_in_words_where_the_template_does_not_know_any()
    {
        JsonNode answer = await server.Client.AskAsync(
            Path,
            """
            {"messages": [{"role": "user", "content": "Hi"},
              {"role": "assistant", "content": "Well.", "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": "{\"a\": 1}"}}]},
              {"role": "tool", "tool_call_id": "1", "content": "done"}],
             "tools": [{"type": "function", "function": {"name": "f", "description": "Does <|im_end|>.", "parameters": {"type": "object"}}}]}
            """);
        string prompt = (string)answer["prompt"]!;

        Assert.Contains("""{"name":"f","description":"Does <|im_end|>.","parameters":{"type":"object"}}""", prompt, StringComparison.Ordinal);
        Assert.Contains("Well.\n<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>", prompt, StringComparison.Ordinal);
        Assert.Contains("<|im_start|>user\n<tool_response>\ndone\n</tool_response><|im_end|>", prompt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"messages": [{"role": "user", "content": "Hi"}], "template": "x"}""", "templates_not_allowed", "template")]
    [InlineData("""{"messages": [{"role": "user", "content": "Hi"}], "chat_template": "x"}""", "unknown_field", "chat_template")]
    [InlineData("""{"prompt": "Hi"}""", "unknown_field", "prompt")]
    [InlineData("{}", "missing_field", "messages")]
    [InlineData("""{"messages": [{"role": "assistant", "content": ""}], "continue_final_message": true}""", "chat_template_failed", "messages")]
    [InlineData("""{"messages": [{"role": "user", "content": "Hi"}], "model": "tiny-t5"}""", "unsupported_by_model", "model")]
    public async Task What_can_not_be_rendered_is_refused_by_code_and_field(string body, string code, string field)
    {
        JsonNode refusal = await server.Client.RefusalAsync(Path, body);

        Assert.Equal((code, field), ((string?)refusal["code"], (string?)refusal["field"]));
    }

    [Fact]
    public async Task Templates_from_requests_count_where_they_are_allowed_and_fail_in_their_own_words()
    {
        await using LocalServer allowing = await LocalServer.StartTinyAsync("--Server:AllowRequestTemplates=true");
        const string messages = """ "messages": [{"role": "user", "content": "Hi"}] """;

        JsonNode rendered = await allowing.Client.AskAsync(
            Path,
            "{" + messages + """
            , "template": "{{ bos_token }}{{ greeting }} {{ messages[0].content }}", "chat_template_kwargs": {"greeting": "Say"}}
            """);
        JsonNode refused = await allowing.Client.RefusalAsync(Path, "{" + messages + """, "template": "{{ raise_exception('Not so.') }}"}""");
        JsonNode broken = await allowing.Client.RefusalAsync(Path, "{" + messages + """, "template": "{% if %}"}""");

        Assert.Equal("<|im_start|>Say Hi", (string?)rendered["prompt"]);
        Assert.Equal(1, Ids(rendered)[0]);
        Assert.Equal(("chat_template_failed", "messages"), ((string?)refused["code"], (string?)refused["field"]));
        Assert.Contains("Not so.", (string?)refused["detail"], StringComparison.Ordinal);
        Assert.Equal(("chat_template_failed", "template"), ((string?)broken["code"], (string?)broken["field"]));
    }

    [Fact]
    public async Task The_configuration_replaces_a_model_s_template_by_name_or_by_file()
    {
        string file = System.IO.Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file, "{% for m in messages %}[{{ m.role }}] {{ m.content }}\n{% endfor %}", TestContext.Current.CancellationToken);
        await using LocalServer byName = await LocalServer.StartTinyAsync("--LlamaHost:ChatTemplate=alpaca");
        await using LocalServer byFile = await LocalServer.StartTinyAsync($"--LlamaHost:ChatTemplateFile={file}");
        const string body = """{"messages": [{"role": "user", "content": "Hi"}]}""";

        Assert.Contains("### Instruction:\nHi", (string?)(await byName.Client.AskAsync(Path, body))["prompt"], StringComparison.Ordinal);
        Assert.Equal("[user] Hi\n", (string?)(await byFile.Client.AskAsync(Path, body))["prompt"]);
        File.Delete(file);
    }

    [Theory]
    [InlineData("--LlamaHost:ChatTemplate=nobody", "nobody")]
    [InlineData("--LlamaHost:ChatTemplate={% if %}", "ChatTemplate")]
    [InlineData("--LlamaHost:ChatTemplateFile=nowhere.jinja", "nowhere.jinja")]
    public async Task A_template_that_can_not_be_used_is_found_at_start(string setting, string named)
    {
        var error = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => LocalServer.StartTinyAsync(setting));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private async Task<int[]> ControlTokensAsync(string model, string system, string user)
    {
        JsonNode answer = await server.Client.AskAsync(
            Path, new
            {
                model, messages = new[] { new { role = "system", content = system }, new { role = "user", content = user } },
            });
        // The golden models have them at the beginning of the vocabulary.
        return [.. Ids(answer).Where(id => id <= 2)];
    }

    private static int[] Ids(JsonNode answer) => [.. answer["token_ids"]!.AsArray().Select(one => (int)one!)];
}
