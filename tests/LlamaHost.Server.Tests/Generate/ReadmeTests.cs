using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Generate;

/// <summary>Every call that the README shows works as it stands there, on the repository's own settings and model.</summary>
[Collection<DefaultServerCollection>]
public sealed class ReadmeTests(DefaultServer server)
{
    [Fact]
    public async Task Every_call_of_the_README_is_answered()
    {
        IReadOnlyList<DocumentedCall> calls = await DocumentedCall.ReadAsync("README.md");
        Assert.True(calls.Count >= 8, $"{calls.Count} calls found");

        foreach (DocumentedCall call in calls)
            await call.SendAsync(server.Client);
    }
}
