using System.Text;
using System.Text.RegularExpressions;
using LlamaHost.Runtime.Configuration;
using LlamaHost.Server.Hosting;
using LlamaHost.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace LlamaHost.Server.Tests.Hosting;

public sealed partial class ConfigurationTests
{
    private static string Document => File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "configuration.md"));

    [Fact]
    public void Every_setting_is_documented_and_nothing_else()
    {
        string[] documented = [.. Row().Matches(Document).Select(row => row.Groups["name"].Value)];
        string[] settings = [.. ((Type[])[typeof(RuntimeOptions), typeof(ModelOptions), typeof(ServerOptions)])
            .SelectMany(type => type.GetProperties()).Select(property => property.Name).Distinct()];

        Assert.Equal(settings.Order(), documented.Distinct().Order());
    }

    [Fact]
    public void Documented_defaults_are_those_of_the_code()
    {
        var (runtime, server) = (new RuntimeOptions(), new ServerOptions());
        string document = Document;

        foreach ((string name, object value) in ((string, object)[])
        [
            (nameof(runtime.ModelsFolder), runtime.ModelsFolder), (nameof(runtime.LoadAtStart), "true"),
            (nameof(runtime.LoadTimeout), runtime.LoadTimeout),
            (nameof(runtime.LoadWait), runtime.LoadWait), (nameof(runtime.MaxOpenSequences), runtime.MaxOpenSequences),
            (nameof(runtime.MaxWorkerLosses), runtime.MaxWorkerLosses), (nameof(server.MaxRequestBodyBytes), server.MaxRequestBodyBytes),
            (nameof(server.MaxJsonDepth), server.MaxJsonDepth), (nameof(server.MaxSequencesPerRequest), server.MaxSequencesPerRequest),
            (nameof(server.MaxStoredResponses), server.MaxStoredResponses),
            (nameof(server.MaxStoredResponseBytes), server.MaxStoredResponseBytes),
            (nameof(server.StoredResponseLifetime), server.StoredResponseLifetime),
            (nameof(server.StreamHeartbeat), server.StreamHeartbeat), (nameof(server.DrainTimeout), server.DrainTimeout),
            (nameof(server.LogPrompts), "false"),
        ])
        {
            Assert.Matches($@"(?m)^\| `{name}` \| `?{Regex.Escape(value.ToString()!)}`? \|", document);
        }
        Assert.True(runtime.LoadAtStart);
        Assert.False(server.LogPrompts);
    }

    [Fact]
    public void Documented_examples_are_understood()
    {
        string[] examples = [.. Example().Matches(Document).Select(example => example.Groups["json"].Value)];
        Assert.Equal(2, examples.Length);
        using var json = new MemoryStream(Encoding.UTF8.GetBytes(examples[0]));

        RuntimeOptions options = new ConfigurationBuilder().AddJsonStream(json).Build().GetSection(RuntimeOptions.SectionName)
            .Get<RuntimeOptions>(binder => binder.ErrorOnUnknownConfiguration = true)!;

        Assert.Equal(["small", "large"], options.Models.Select(model => model.Id));
    }

    [Theory]
    [InlineData("", "http://localhost:8080")]
    [InlineData("--urls=http://localhost:9", "http://localhost:9")]
    [InlineData("--http_ports=9", null)]
    [InlineData("--Kestrel:Endpoints:Http:Url=http://localhost:9", null)]
    public async Task The_address_is_8080_on_this_machine_unless_something_else_is_said(string argument, string? urls)
    {
        await using WebApplication app = ServerApplication.Build([$"--contentRoot={RepositoryFiles.Root}", argument]);

        Assert.Equal(urls, app.Configuration["urls"]);
    }

    [GeneratedRegex(@"^\| `(?<name>\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"```json\n(?<json>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
