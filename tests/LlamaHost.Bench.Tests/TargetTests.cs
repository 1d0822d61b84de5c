using LlamaHost.Bench.Serving;

namespace LlamaHost.Bench.Tests;

public sealed class TargetTests
{
    [Fact]
    public void A_target_has_name_dialect_and_address()
    {
        var target = Target.Parse("peer=openai:http://localhost:9000/base");

        Assert.Equal(("peer", "http://localhost:9000/base/", "v1/completions"), (target.Name, target.Address.ToString(), target.Dialect.Path));
    }

    [Theory]
    [InlineData("http://localhost:9000")]
    [InlineData("peer=http://localhost:9000")]
    [InlineData("peer=openai:localhost")]
    public void What_is_no_target_is_refused(string text) => Assert.Throws<FormatException>(() => Target.Parse(text));
}
