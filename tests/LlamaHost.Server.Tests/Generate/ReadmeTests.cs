using System.Text.RegularExpressions;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.Generate;

/// <summary>Every call that the README shows works as it stands there, on the repository's own settings and model.</summary>
[Collection<DefaultServerCollection>]
public sealed partial class ReadmeTests(DefaultServer server)
{
    [Fact]
    public async Task Every_call_of_the_README_is_answered()
    {
        string readme = await File.ReadAllTextAsync(Path.Combine(RepositoryFiles.Root, "README.md"), TestContext.Current.CancellationToken);
        Match[] calls = Curl().Matches(readme.Replace("\\\n", " ", StringComparison.Ordinal)).ToArray();
        Assert.True(calls.Length >= 5, $"{calls.Length} calls found");

        foreach (Match call in calls)
        {
            string rest = call.Groups["rest"].Value, body = Data().Match(rest).Groups["body"].Value;
            string[] headers = [.. Header().Matches(rest).Select(header => header.Groups["header"].Value)];
            using HttpResponseMessage response = body.Length == 0
                ? await server.Client.GetAsync(call.Groups["path"].Value)
                : await server.Client.PostAsync(body, headers.FirstOrDefault(one => one.StartsWith("accept: ", StringComparison.Ordinal))?[8..]);

            string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, $"{call.Value}: {text}");
            Assert.Equal(body.Length > 0, headers.Contains("content-type: application/json"));
        }
    }

    [GeneratedRegex(@"^curl (-N )?http://localhost:8080(?<path>\S+)(?<rest>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Curl();

    [GeneratedRegex("-H '(?<header>[^']*)'")]
    private static partial Regex Header();

    [GeneratedRegex("-d '(?<body>[^']*)'")]
    private static partial Regex Data();
}
