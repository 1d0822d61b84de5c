using System.ComponentModel;
using LlamaHost.Bench.Measurement;
using LlamaHost.Bench.Servers;
using LlamaHost.Bench.Serving;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LlamaHost.Bench.Interference;

/// <summary>What a long prompt does to streams that run when it comes.</summary>
internal sealed class InterferenceSuite : AsyncCommand<InterferenceSuite.Settings>
{
    internal sealed class Settings : ServingSettings
    {
        [CommandOption("--streams <N>")]
        [Description("Streams that run.")]
        [DefaultValue(4)]
        public int Streams { get; init; }

        [CommandOption("--stream-tokens <N>")]
        [Description("Tokens that each may get at most; so many that it outlasts the prompt.")]
        [DefaultValue(1500)]
        public int StreamTokens { get; init; }

        [CommandOption("--prompt-tokens <N>")]
        [Description("Tokens of the prompt that comes in.")]
        [DefaultValue(4000)]
        public int PromptTokens { get; init; }

        [CommandOption("--before <SECONDS>")]
        [Description("How long the streams are watched before that.")]
        [DefaultValue(5)]
        public int Before { get; init; }
    }

    /// <inheritdoc />
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var report = new SuiteReport<InterferenceRow>(
            "interference",
            $"tokens of {settings.Streams} streams before and while a prompt of {settings.PromptTokens} tokens comes in; {settings.Turns} turns");
        ServerSet servers = await ServerSet.StartAsync(settings, cancellationToken).ConfigureAwait(false);
        await using (servers.ConfigureAwait(false))
        {
            IReadOnlyList<InterferenceRun[]> runs = await servers.TakeTurnsAsync(settings.Turns, async (client, turn) =>
            {
                InterferenceRun run = await InterferenceRun.MeasureAsync(client, settings, turn, cancellationToken).ConfigureAwait(false);
                AnsiConsole.MarkupLineInterpolated(
                    $"{client.Target.Name}: {Quantiles.Of(run.Before, 0.99):F1} ms, then {Quantiles.Of(run.During, 0.99):F1} ms {run.Error ?? ""}");
                return run;
            }, cancellationToken).ConfigureAwait(false);
            foreach ((CompletionClient client, InterferenceRun[] turns) in servers.Clients.Zip(runs))
                report.Add(InterferenceRow.From(client.Target.Name, turns));
        }
        await report.PublishAsync(settings.Json, InterferenceRow.Columns).ConfigureAwait(false);
        return 0;
    }
}
