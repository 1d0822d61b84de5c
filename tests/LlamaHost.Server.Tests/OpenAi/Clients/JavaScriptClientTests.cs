using System.Diagnostics;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.OpenAi.Clients;

/// <summary>JavaScript clients, pointed here: each script asserts what its library makes of the answers.</summary>
[Collection<DefaultServerCollection>]
public sealed class JavaScriptClientTests(DefaultServer server)
{
    private static readonly string Scripts = Path.Combine(RepositoryFiles.Root, "tests/LlamaHost.Server.Tests/OpenAi/Clients/node");

    [Theory]
    [InlineData("openai")]
    [InlineData("ai-sdk")]
    [InlineData("langchain")]
    [InlineData("openai-responses")]
    [InlineData("ai-sdk-responses")]
    public async Task It_works_with(string client)
    {
        var start = new ProcessStartInfo("node", [$"{client}.mjs", server.Client.Address.ToString(), "SmolLM2-135M-Instruct.Q4_1"])
        {
            WorkingDirectory = Scripts,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        // LangChain would report to a service of its maker's if the environment said so.
        start.Environment["LANGSMITH_TRACING"] = "false";
        using Process node = Process.Start(start)!;
        try
        {
            Task<string> output = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            string errors = await node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await node.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.True(node.ExitCode == 0, $"{await output}{errors}");
        }
        finally
        {
            if (!node.HasExited)
                node.Kill();
        }
    }
}
