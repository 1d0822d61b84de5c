using System.Text.Json;

namespace LlamaHost.Chat.Tests;

public sealed class ChatTemplateTests
{
    [Fact]
    public void Content_parts_reach_a_template_that_knows_them() =>
        Assert.Equal(
            "a+b+", Text("{% for p in messages[0].content %}{{ p.text }}+{% endfor %}", new ChatMessage("user") { Parts = ["a", "b"] }));

    [Theory]
    [InlineData("{{ messages[0].content }}")]
    [InlineData("{{ '' + messages[0].content }}")]
    [InlineData("{% if messages[0].content is string %}{{ messages[0].content }}{% endif %}")]
    public void Content_parts_are_joined_for_a_template_that_does_not(string source) =>
        Assert.Equal("a\nb", Text(source, new ChatMessage("user") { Parts = ["a", "b"] }));

    [Fact]
    public void Missing_content_is_empty_for_a_template_that_needs_text() =>
        Assert.Equal("[]", Text("{{ '[' + messages[0].content + ']' }}", new ChatMessage("assistant")));

    [Theory]
    [InlineData("{{ messages[0].tool_calls[0].function.arguments | tojson }}")]
    [InlineData("{{ '' + messages[0].tool_calls[0].function.arguments }}")]
    public void Arguments_are_an_object_or_text_as_the_template_needs(string source) =>
        Assert.Equal("{\"a\": 1}", Text(source, new ChatMessage("assistant") { ToolCalls = [new("1", "f", "{\"a\": 1}")] }));

    [Theory]
    [InlineData("{% for m in messages %}{{ m.role }}:{{ m.content }}{% endfor %}", "developer:x")]
    [InlineData("{% for m in messages if m.role == 'system' %}{{ m.role }}:{{ m.content }}{% endfor %}", "system:x")]
    [InlineData("{% if messages[0].role not in ['system'] %}{{ raise_exception('Unknown role') }}{% endif %}{{ messages[0].content }}", "x")]
    public void The_developer_speaks_as_the_system_only_where_the_template_does_not_know_developers(string source, string expected) =>
        Assert.Equal(expected, Text(source, new ChatMessage("developer") { Content = "x" }));

    [Fact]
    public void The_first_failure_is_the_one_that_is_told() =>
        Assert.Equal(
            "No developer", Assert.Throws<ChatTemplateException>(
                () => Text("{{ raise_exception('No ' + messages[0].role) }}", new ChatMessage("developer") { Content = "x" })).Message);

    [Fact]
    public void The_last_message_can_be_continued()
    {
        RenderedPrompt prompt = Recorded.Render(
            NamedTemplate.Find("chatml")!,
            new TemplateInput([new("user") { Content = "Count" }, new("assistant") { Content = "1, 2, " }]) { ContinuesFinalMessage = true });

        Assert.EndsWith("<|im_start|>assistant\n1, 2, ", prompt.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Variables_reach_the_template_but_do_not_replace_the_conversation()
    {
        TemplateInput input = new([new("user") { Content = "x" }])
        {
            Variables = JsonDocument.Parse("""{"enable_thinking": false, "messages": []}""").RootElement,
        };

        Assert.Equal("False1", Recorded.Render("{{ enable_thinking }}{{ messages | length }}", input).Text);
    }

    [Theory]
    [InlineData("<think>\n", true)]
    [InlineData("<think>\n\n</think>\n\n", false)]
    [InlineData("<think>a</think><think>", true)]
    [InlineData("<think>a", false)]
    [InlineData("", false)]
    public void A_prompt_that_opens_thoughts_is_known(string end, bool opens) =>
        Assert.Equal(opens, new RenderedPrompt([new("x" + end, true)]).EndsWithin("<think>", "</think>"));

    [Fact]
    public void The_token_that_begins_a_sequence_is_found_only_where_the_template_wrote_it()
    {
        Assert.True(new RenderedPrompt([new("<s>x", true)]).BeginsWith("<s>"));
        Assert.False(new RenderedPrompt([new("<s>x", false)]).BeginsWith("<s>"));
        Assert.False(new RenderedPrompt([]).BeginsWith("<s>"));
    }

    [Theory]
    [InlineData(null, "Anything", null, "<|im_start|>", "chatml")]
    [InlineData(null, "Anything", null, "<|start_header_id|>", "llama3")]
    [InlineData(null, "StableLM Zephyr 3B", "stablelm", "</s>", "zephyr")]
    [InlineData(null, "Vicuna 7B", "llama", "</s>", "vicuna")]
    [InlineData(null, "Llama-2-7b-chat", "llama", "</s>", "llama2")]
    [InlineData(null, null, "gemma2", "</s>", "gemma")]
    [InlineData(null, null, "llama", "</s>", "chatml")]
    [InlineData("Alpaca", "Vicuna 7B", "llama", "<|im_start|>", "alpaca")]
    public void A_model_without_a_template_gets_one_by_what_it_is(
        string? configured, string? name, string? architecture, string token, string expected)
    {
        TemplateChoice choice = TemplateChoice.For(
            configured, new ModelTraits { Name = name, Architecture = architecture, ControlTokens = new HashSet<string> { token } });

        Assert.Equal(expected, choice.Name);
        Assert.Equal(NamedTemplate.Find(expected), choice.Source);
        Assert.NotEmpty(choice.Reason);
    }

    [Fact]
    public void A_model_s_own_template_comes_before_guesses_and_the_configuration_s_before_that()
    {
        ModelTraits model = new() { Template = "{{ 'own' }}", ControlTokens = new HashSet<string> { "<|im_start|>" } };

        Assert.Equal("{{ 'own' }}", TemplateChoice.For(null, model).Source);
        Assert.Equal("{{ 'given' }}", TemplateChoice.For("{{ 'given' }}", model).Source);
        Assert.Throws<ArgumentException>(() => TemplateChoice.For("nonsense", model));
    }

    private static string Text(string source, params ChatMessage[] messages) =>
        Recorded.Render(source, new TemplateInput(messages)).Text;
}
