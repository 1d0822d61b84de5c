using System.ComponentModel;
using LlamaHost.Bench.Load;
using LlamaHost.Bench.Servers;
using LlamaHost.Bench.Serving;
using Spectre.Console.Cli;

namespace LlamaHost.Bench.Prefix;

/// <summary>
/// Many requests at once that begin with the same new prompt, as of users who meet a new system prompt: how long until all have their first token.
/// </summary>
internal sealed class PrefixSuite : AsyncCommand<PrefixSuite.Settings>
{
    internal sealed class Settings : ServingSettings
    {
        [CommandOption("--requests <N>")]
        [Description("Requests that are sent at once.")]
        [DefaultValue(16)]
        public int Requests { get; init; }

        [CommandOption("--prefix-tokens <N>")]
        [Description("Tokens that all of them begin with; new in each turn.")]
        [DefaultValue(1000)]
        public int PrefixTokens { get; init; }

        [CommandOption("--suffix-tokens <N>")]
        [Description("Tokens after them that each request has for itself.")]
        [DefaultValue(8)]
        public int SuffixTokens { get; init; }

        [CommandOption("--output-tokens <N>")]
        [Description("Tokens of each answer.")]
        [DefaultValue(8)]
        public int OutputTokens { get; init; }
    }

    /// <inheritdoc />
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var report = new DurationReport(
            "prefix", $"until {settings.Requests} requests with a new common prefix have their first token; {settings.Turns} turns");
        ServerSet servers = await ServerSet.StartAsync(settings, cancellationToken).ConfigureAwait(false);
        await using (servers.ConfigureAwait(false))
        {
            await report.MeasureAsync(
                servers, settings.Turns, $"{settings.Requests} requests, {settings.PrefixTokens} common tokens",
                turn => Burst(settings, turn, settings.Requests),
                run => run.Completions.Max(one => one.TimeToFirstToken), cancellationToken).ConfigureAwait(false);
            // What no server can beat: the prefix has to be computed once.
            await report.MeasureAsync(
                servers, settings.Turns, "one of them alone", turn => Burst(settings, turn + settings.Turns, requests: 1),
                run => run.Completions[0].TimeToFirstToken, cancellationToken).ConfigureAwait(false);
        }
        await report.PublishAsync(settings.Json).ConfigureAwait(false);
        return 0;
    }

    private static ClosedLoop Burst(Settings settings, int turn, int requests)
    {
        var prompts = new PromptSource(settings.Seed, turn);
        int[] prefix = prompts.Next(settings.PrefixTokens);
        return new ClosedLoop([.. Enumerable.Range(0, requests).Select(CompletionRequest[] (_) =>
            [new CompletionRequest { PromptTokens = [.. prefix, .. prompts.Next(settings.SuffixTokens)], NewTokens = settings.OutputTokens }])]);
    }
}
