using System.Diagnostics;
using System.Text.Json.Nodes;
using LlamaHost.Server.Health;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Health;

public sealed class HealthProbeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_command_reports_a_server_that_is_ready()
    {
        await using ServerProcess server = await ServerProcess.StartTinyAsync();
        await server.Client.WaitUntilReadyAsync();

        (int code, string output, string errors) = await RunProgramAsync($"--urls={server.Address}");

        Assert.Equal((0, ""), (code, errors));
        Assert.Equal("ready", (string?)JsonNode.Parse(output)!["status"]);
    }

    [Fact]
    public async Task A_server_that_is_not_ready_is_reported_with_its_reason()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("llamahost-test-");
        try
        {
            await using LocalServer server = await LocalServer.StartAsync($"--contentRoot={folder.FullName}");

            (int code, string output, string errors) = await RunAsync($"--urls={server.Address}");

            Assert.Equal((1, ""), (code, output));
            Assert.Contains("There is no model", (string)JsonNode.Parse(errors)!["reason"]!, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("nowhere")]
    public async Task Where_no_server_is_the_command_fails_and_says_why(string address)
    {
        (int code, string output, string errors) = await RunAsync($"--urls={address}");

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(address.Replace("http://", "", StringComparison.Ordinal), errors, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        int code = await HealthProbe.RunAsync(args, output, errors);
        return (code, output.ToString(), errors.ToString());
    }

    private static async Task<(int Code, string Output, string Errors)> RunProgramAsync(params string[] args)
    {
        string dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, [Path.Combine(AppContext.BaseDirectory, "LlamaHost.Server.dll"), HealthProbe.Command, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(Cancellation);
        Task<string> errors = process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, await output, await errors);
    }
}
