using LlamaHost.Bench.Load;
using LlamaHost.Bench.Measurement;
using LlamaHost.Bench.Servers;
using LlamaHost.Bench.Serving;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LlamaHost.Bench.Http;

/// <summary>Servers under the same load, in turns.</summary>
internal sealed class HttpSuite : AsyncCommand<HttpSettings>
{
    /// <inheritdoc />
    public override async Task<int> ExecuteAsync(CommandContext context, HttpSettings settings, CancellationToken cancellationToken)
    {
        var report = new SuiteReport<HttpRow>(
            "http", $"{settings.Turns} turns, prompts of {settings.PromptTokens} tokens, answers of {settings.OutputTokens}");
        bool failed = false;
        ServerSet servers = await ServerSet.StartAsync(settings, cancellationToken).ConfigureAwait(false);
        await using (servers.ConfigureAwait(false))
        {
            using var others = new BusyLoops(settings.BusyLoops);
            foreach ((string name, Func<int, ILoad> load) in Cases(settings))
            {
                // One load per turn, the same for all servers; another in the next, so that nothing is reused from the last.
                ILoad[] loads = [.. Enumerable.Range(0, settings.Turns).Select(load)];
                IReadOnlyList<LoadRun[]> runs = await servers.TakeTurnsAsync(
                    settings.Turns, (client, turn) => loads[turn].RunAsync(client, cancellationToken)).ConfigureAwait(false);
                HttpRow[] rows = [.. servers.Clients.Zip(runs, (client, turns) => HttpRow.From(name, client.Target.Name, turns, runs[0], settings))];
                report.Add(rows);
                failed |= rows.Any(row => row.Failed > 0);
                // A whole run takes minutes: say what is known so far.
                foreach (HttpRow row in rows)
                    AnsiConsole.MarkupLineInterpolated($"{name}: {row.Server} {row.TokensPerSecond:F1} tokens/s {row.Error ?? ""}");
            }
        }
        await report.PublishAsync(
            settings.Json,
            ("case", row => row.Case), ("server", row => row.Server), ("tokens/s", row => $"{row.TokensPerSecond:F1}"),
            ("ratio", row => $"{row.Ratio:F2}"),
            ("TTFT p50 ms", row => $"{row.FirstTokenP50:F0}"), ("p95", row => $"{row.FirstTokenP95:F0}"), ("p99", row => $"{row.FirstTokenP99:F0}"),
            ("ratio", row => $"{row.FirstTokenRatio:F2}"),
            ("ITL p50 ms", row => $"{row.GapP50:F1}"), ("p95", row => $"{row.GapP95:F1}"), ("p99", row => $"{row.GapP99:F1}"),
            ("goodput", row => $"{row.Goodput:P0}"), ("failed", row => $"{row.Failed}/{row.Requests}")).ConfigureAwait(false);
        return failed ? 1 : 0;
    }

    private static IEnumerable<(string Name, Func<int, ILoad> Load)> Cases(HttpSettings settings)
    {
        int[] clientCounts = settings.ClientCounts.Length == 0 && settings.Rates.Length == 0 ? [1, 8, 32] : settings.ClientCounts;
        foreach (SamplingMode sampling in settings.Sampling.Length > 0 ? settings.Sampling : [SamplingMode.Greedy])
        {
            foreach (int clients in clientCounts)
            {
                int each = settings.Requests > 0 ? Math.Max(2, settings.Requests / clients) : 3;
                yield return ($"{clients} clients, {Word(sampling)}", turn =>
                {
                    var prompts = new PromptSource(Seed(settings.Seed, turn, clients, sampling));
                    return new ClosedLoop([.. Enumerable.Range(0, clients).Select(_ => Requests(settings, sampling, prompts, each))]);
                });
            }
            foreach (double rate in settings.Rates)
            {
                int count = settings.Requests > 0 ? settings.Requests : Math.Max(1, (int)(10 * rate));
                yield return ($"{rate:0.##} requests/s, {Word(sampling)}", turn =>
                {
                    var prompts = new PromptSource(Seed(settings.Seed, turn, (int)(rate * 1000), sampling));
                    TimeSpan[] arrivals = PoissonArrivals.Draw(prompts.Random, rate, count);
                    return new OpenLoop([.. arrivals.Zip(Requests(settings, sampling, prompts, count))]);
                });
            }
        }
    }

    private static CompletionRequest[] Requests(HttpSettings settings, SamplingMode sampling, PromptSource prompts, int count)
    {
        var promptLengths = LengthMix.Parse(settings.PromptTokens);
        var answerLengths = LengthMix.Parse(settings.OutputTokens);
        return [.. Enumerable.Range(0, count).Select(_ => new CompletionRequest
        {
            PromptTokens = prompts.Next(promptLengths.Draw(prompts.Random)),
            NewTokens = answerLengths.Draw(prompts.Random),
            Sampling = sampling,
        })];
    }

    private static string Word(SamplingMode sampling) => sampling == SamplingMode.Greedy ? "greedy" : "nucleus";

    // System.HashCode would differ from process to process.
    private static int Seed(int seed, int turn, int load, SamplingMode sampling) =>
        unchecked((((((seed * 397) + turn) * 397) + load) * 397) + (int)sampling);
}
