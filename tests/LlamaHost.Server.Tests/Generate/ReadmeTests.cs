using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Generate;

/// <summary>Every call that the README and these pages show works as it stands there, on the repository's own settings and model.</summary>
[Collection<DefaultServerCollection>]
public sealed class ReadmeTests(DefaultServer server)
{
    [Theory]
    [InlineData("README.md", 8)]
    [InlineData("docs/chat-templates.md", 1)]
    [InlineData("docs/structured-output.md", 1)]
    public async Task Every_call_of_the_page_is_answered(string page, int least)
    {
        IReadOnlyList<DocumentedCall> calls = await DocumentedCall.ReadAsync(page);
        Assert.True(calls.Count >= least, $"{calls.Count} calls found");

        foreach (DocumentedCall call in calls)
            await call.SendAsync(server.Client);
    }
}
