using System.Globalization;
using System.Text.RegularExpressions;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.Health;

public sealed partial class MetricsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_figures_of_a_model_can_be_read_while_it_generates()
    {
        await using LocalServer server = await LocalServer.StartTinyAsync();
        using var http = new HttpClient { BaseAddress = server.Client.Address };
        Dictionary<string, long> during = [];
        await foreach ((_, string name, _) in server.Client.StreamAsync(
            """{"prompt": "a b c", "min_new_tokens": 300, "max_new_tokens": 300}""", Cancellation))
        {
            if (name == "token" && during.Count == 0)
                during = await ReadAsync(http);
        }
        Dictionary<string, long> after = await ReadAsync(http);

        Assert.Equal((1, 0), (during["open_sequences"], after["open_sequences"]));
        Assert.Equal((1, 1), (after["decode_threads"], after["prefill_threads"]));
        Assert.Equal((0, 0, 0), (after["running_sequences"], after["waiting_sequences"], after["kv_busy_cells"]));
        Assert.InRange(after["kv_idle_cells"], 1, after["kv_cells"]);
        Assert.Equal(300, after["generated_tokens_total"]);
        Assert.InRange(after["prompt_tokens_total"], 1, 10);
        // The last token is not computed.
        Assert.Equal(after["prompt_tokens_total"] + 299, after["step_tokens_total"]);
        Assert.InRange(after["steps_total"], 300, 310);
        Assert.InRange(after["worker_allocated_bytes_total"], 1, long.MaxValue);
    }

    [Fact]
    public async Task Every_figure_is_documented_and_nothing_else()
    {
        await using LocalServer server = await LocalServer.StartTinyAsync();
        using var http = new HttpClient { BaseAddress = server.Client.Address };
        string text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation);

        string document = await File.ReadAllTextAsync(Path.Combine(RepositoryFiles.Root, "docs", "metrics.md"), Cancellation);

        Assert.Equal(
            Family().Matches(text).Select(family => family.Groups["name"].Value).Order(StringComparer.Ordinal),
            Row().Matches(document).Select(row => row.Groups["name"].Value).Order(StringComparer.Ordinal));
    }

    private static async Task<Dictionary<string, long>> ReadAsync(HttpClient http)
    {
        using HttpResponseMessage response = await http.GetAsync(new Uri("/metrics", UriKind.Relative), Cancellation);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        return Sample().Matches(text).ToDictionary(
            sample => sample.Groups["name"].Value, sample => long.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex("""^llamahost_(?<name>\w+)\{model="tiny-llama"\} (?<value>\d+)$""", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"^# TYPE (?<name>\w+) (counter|gauge)$", RegexOptions.Multiline)]
    private static partial Regex Family();

    [GeneratedRegex(@"^\| `(?<name>\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
