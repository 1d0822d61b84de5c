using LlamaHost.Bench.Load;
using LlamaHost.Bench.Servers;
using LlamaHost.Bench.Serving;
using Spectre.Console.Cli;

namespace LlamaHost.Bench.Http;

/// <summary>Servers under the same load, in turns.</summary>
internal sealed class HttpSuite : AsyncCommand<HttpSettings>
{
    /// <inheritdoc />
    public override async Task<int> ExecuteAsync(CommandContext context, HttpSettings settings, CancellationToken cancellationToken)
    {
        var report = new LoadReport(
            "http", $"{settings.Turns} turns, prompts of {settings.PromptTokens} tokens, answers of {settings.OutputTokens}",
            new ServiceLevel(TimeSpan.FromMilliseconds(settings.FirstTokenLimit), TimeSpan.FromMilliseconds(settings.TokenLimit)));
        ServerSet servers = await ServerSet.StartAsync(settings, cancellationToken).ConfigureAwait(false);
        await using (servers.ConfigureAwait(false))
        {
            using var others = new BusyLoops(settings.BusyLoops);
            foreach ((string name, Func<int, ILoad> load) in Cases(settings))
                await report.MeasureAsync(servers, settings.Turns, name, load, cancellationToken).ConfigureAwait(false);
        }
        await report.PublishAsync(settings.Json).ConfigureAwait(false);
        return report.Failed ? 1 : 0;
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
                    var prompts = new PromptSource(settings.Seed, turn, clients, (int)sampling);
                    return new ClosedLoop([.. Enumerable.Range(0, clients).Select(_ => Requests(settings, sampling, prompts, each))]);
                });
            }
            foreach (double rate in settings.Rates)
            {
                int count = settings.Requests > 0 ? settings.Requests : Math.Max(1, (int)(10 * rate));
                yield return ($"{rate:0.##} requests/s, {Word(sampling)}", turn =>
                {
                    var prompts = new PromptSource(settings.Seed, turn, (int)(rate * 1000), (int)sampling);
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

    private static string Word(SamplingMode sampling) => sampling switch
    {
        SamplingMode.Greedy => "greedy",
        SamplingMode.Nucleus => "nucleus",
        _ => "top-k",
    };
}
