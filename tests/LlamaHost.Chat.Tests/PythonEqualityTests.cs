using System.Text.Json;

namespace LlamaHost.Chat.Tests;

public sealed class PythonEqualityTests
{
    public static TheoryData<string> Templates => [.. Recorded.Rendered.EnumerateObject().Select(template => template.Name)];

    public static TheoryData<int> Snippets => [.. Enumerable.Range(0, Recorded.Snippets.GetArrayLength())];

    [Theory]
    [MemberData(nameof(Templates))]
    public void Conversations_are_rendered_as_Python_renders_them(string template)
    {
        string source = Recorded.SourceOf(template);
        JsonElement expected = Recorded.Rendered.GetProperty(template);

        Assert.All(
            Recorded.Conversations.EnumerateArray(),
            conversation => Recorded.Check(
                expected.GetProperty(conversation.GetProperty("name").GetString()!), source, scope => Recorded.Prepare(scope, conversation)));
    }

    [Theory]
    [MemberData(nameof(Snippets))]
    public void Expressions_and_statements_mean_what_they_mean_in_Python(int index)
    {
        JsonElement snippet = Recorded.Snippets[index];

        Recorded.Check(snippet, snippet.GetProperty("source").GetString()!, scope => Recorded.SetAll(scope, Recorded.SnippetData));
    }

    [Fact]
    public void Every_named_template_was_recorded() =>
        Assert.Empty(NamedTemplate.All.Except(Recorded.Rendered.EnumerateObject().Select(template => template.Name)));

    [Theory]
    [InlineData("{{ raise_exception('Only two speakers, please.') }}", "Only two speakers, please.")]
    [InlineData("{{ message.text }}", "'message' is undefined")]
    [InlineData("{{ {'a': 1}.b.c }}", "'dict object' has no attribute 'b'")]
    [InlineData("{{ 'a' + 1 }}", "can only concatenate str (not \"int\") to str")]
    [InlineData("{{ 1 | nonsense }}", "No filter named 'nonsense'.")]
    public void Failures_are_told_in_Jinja_s_words(string source, string message) =>
        Assert.Equal(message, Assert.Throws<ChatTemplateException>(() => Recorded.Spans(source, _ => { })).Message);
}
