using System.Text.RegularExpressions;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.Http;

/// <summary>A call with curl as a page of the documentation shows it.</summary>
/// <param name="Line">The whole command.</param>
/// <param name="Path">What is called.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body; empty for a GET.</param>
internal sealed partial record DocumentedCall(string Line, string Path, IReadOnlyList<string> Headers, string Body)
{
    /// <summary>All calls of a page.</summary>
    /// <param name="page">Its path in the repository.</param>
    public static async Task<IReadOnlyList<DocumentedCall>> ReadAsync(string page)
    {
        string text = await File.ReadAllTextAsync(System.IO.Path.Combine(RepositoryFiles.Root, page), TestContext.Current.CancellationToken);
        return
        [
            .. Curl().Matches(text.Replace("\\\n", " ", StringComparison.Ordinal)).Select(call =>
            {
                string rest = call.Groups["rest"].Value;
                string[] headers = [.. Header().Matches(rest).Select(header => header.Groups["header"].Value)];
                return new DocumentedCall(call.Value, call.Groups["path"].Value, headers, Data().Match(rest).Groups["body"].Value);
            }),
        ];
    }

    /// <summary>The call with another text in the place of one that stands for it.</summary>
    public DocumentedCall With(string placeholder, string text) => this with
    {
        Path = Path.Replace(placeholder, text, StringComparison.Ordinal), Body = Body.Replace(placeholder, text, StringComparison.Ordinal),
    };

    /// <summary>Makes the call, which must succeed, and returns the answer.</summary>
    public async Task<string> SendAsync(GenerateClient client)
    {
        using HttpResponseMessage response = Line.Contains(" -X DELETE", StringComparison.Ordinal) ? await client.DeleteAsync(Path)
            : Body.Length == 0 ? await client.GetAsync(Path)
            : await client.PostToAsync(Path, Body, Headers.FirstOrDefault(one => one.StartsWith("accept: ", StringComparison.Ordinal))?[8..]);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{Line}: {text}");
        Assert.Equal(Body.Length > 0, Headers.Contains("content-type: application/json"));
        return text;
    }

    [GeneratedRegex(@"^curl (-N )?http://localhost:8080(?<path>\S+)(?<rest>.*)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Curl();

    [GeneratedRegex("-H '(?<header>[^']*)'")]
    private static partial Regex Header();

    [GeneratedRegex("-d '(?<body>[^']*)'")]
    private static partial Regex Data();
}
