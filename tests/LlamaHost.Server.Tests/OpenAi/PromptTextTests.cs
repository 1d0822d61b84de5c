using LlamaHost.Server.OpenAi.Completions;

namespace LlamaHost.Server.Tests.OpenAi;

public sealed class PromptTextTests
{
    [Theory]
    [InlineData("Hello there", new[] { "Hello", " there" }, new[] { "Hello", " there" })]
    [InlineData("Hello", new[] { "<s>", " Hello" }, new[] { "", "Hello" })]
    [InlineData("<s>a", new[] { "<s>", "a" }, new[] { "<s>", "a" })]
    [InlineData("a🦊b", new[] { "a", "\uFFFD", "\uFFFD", "b" }, new[] { "a", "🦊", "", "b" })]
    [InlineData("🦊", new[] { "\uFFFD", "\uFFFD" }, new[] { "🦊", "" })]
    [InlineData("Hello", new[] { "Hello", "</s>" }, new[] { "Hello", "" })]
    [InlineData("", new[] { "<s>" }, new[] { "" })]
    public void Each_token_has_its_part_of_the_text(string text, string[] pieces, string[] parts) =>
        Assert.Equal(parts, PromptText.Split(text, pieces));
}
