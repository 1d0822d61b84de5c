using System.Text.Json;
using LlamaHost.Chat.Jinja;
using LlamaHost.Chat.Jinja.Values;
using LlamaHost.Tests;
using Microsoft.Extensions.Time.Testing;

namespace LlamaHost.Chat.Tests;

/// <summary>What <c>tests/chat-templates/record.py</c> has recorded, and the means to do the same here.</summary>
internal static class Recorded
{
    /// <summary>The time at which everything was recorded.</summary>
    public static FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 5, 9, 7, 3, TimeSpan.Zero));

    public static JsonElement Conversations { get; } = Read("conversations.json");

    public static JsonElement Rendered { get; } = Read("rendered.json");

    public static JsonElement Snippets { get; } = Read("snippets-rendered.json");

    public static JsonElement SnippetData { get; } = Read("snippets-data.json");

    public static string SourceOf(string template)
    {
        string own = Path.Combine(RepositoryFiles.Root, "tests", "chat-templates", "templates", template + ".jinja");
        return File.Exists(own) ? File.ReadAllText(own) : NamedTemplate.Find(template)!;
    }

    public static void Prepare(Scope scope, JsonElement conversation)
    {
        scope.Set("documents", null);
        scope.Set("bos_token", Text.OfTemplate("<s>"));
        scope.Set("eos_token", Text.OfTemplate("</s>"));
        if (conversation.TryGetProperty("variables", out JsonElement variables))
            SetAll(scope, variables);
        scope.Set("messages", JsonValues.Of(conversation.GetProperty("messages")));
        scope.Set("tools", conversation.TryGetProperty("tools", out JsonElement tools) ? JsonValues.Of(tools) : null);
        scope.Set("add_generation_prompt", !conversation.TryGetProperty("add_generation_prompt", out JsonElement adds) || adds.GetBoolean());
    }

    public static void SetAll(Scope scope, JsonElement variables)
    {
        foreach (JsonProperty variable in variables.EnumerateObject())
            scope.Set(variable.Name, JsonValues.Of(variable.Value));
    }

    public static IReadOnlyList<PromptSpan> Spans(string source, Action<Scope> prepare, TemplateLimits? limits = null) =>
        JinjaTemplate.Parse(source).Render(prepare, limits ?? new(), Clock, TestContext.Current.CancellationToken);

    public static RenderedPrompt Render(string source, TemplateInput input) =>
        ChatTemplate.Parse(source).Render(input, Clock, null, TestContext.Current.CancellationToken);

    /// <summary>Renders and compares with what Python made of it; where Python fails, this must, too.</summary>
    public static void Check(JsonElement expected, string source, Action<Scope> prepare)
    {
        if (expected.TryGetProperty("text", out JsonElement text))
            Assert.Equal(text.GetString(), string.Concat(Spans(source, prepare).Select(span => span.Text)));
        else
            Assert.Throws<ChatTemplateException>(() => Spans(source, prepare));
    }

    private static JsonElement Read(string file) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryFiles.Root, "tests", "chat-templates", file))).RootElement;
}
