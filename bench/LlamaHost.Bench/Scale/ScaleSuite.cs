using System.ComponentModel;
using LlamaHost.Bench.Load;
using LlamaHost.Bench.Servers;
using LlamaHost.Bench.Serving;
using Spectre.Console.Cli;

namespace LlamaHost.Bench.Scale;

/// <summary>How cost grows with the number of clients, and with the length of the context.</summary>
internal sealed class ScaleSuite : AsyncCommand<ScaleSuite.Settings>
{
    internal sealed class Settings : ServingSettings
    {
        [CommandOption("--clients <N>")]
        [Description("Clients of a closed loop; may be given several times. 0: none of these cases.")]
        [DefaultValue(new[] { 1, 2, 4, 8, 16, 32, 64 })]
        public int[] ClientCounts { get; init; } = [];

        [CommandOption("--length <N>")]
        [Description("Tokens of one client's prompt and answer together; may be given several times. 0: none of these cases.")]
        [DefaultValue(new[] { 128, 512, 2048, 8192 })]
        public int[] Lengths { get; init; } = [];

        [CommandOption("--prompt-tokens <N>")]
        [Description("Tokens of each prompt in the cases that grow by clients.")]
        [DefaultValue(32)]
        public int PromptTokens { get; init; }

        [CommandOption("--output-tokens <N>")]
        [Description("Tokens of each answer.")]
        [DefaultValue(32)]
        public int OutputTokens { get; init; }
    }

    /// <inheritdoc />
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var report = new LoadReport(
            "scale", $"{settings.Turns} turns, answers of {settings.OutputTokens} tokens",
            new ServiceLevel(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(500)));
        ServerSet servers = await ServerSet.StartAsync(settings, cancellationToken).ConfigureAwait(false);
        await using (servers.ConfigureAwait(false))
        {
            foreach (int clients in settings.ClientCounts.Where(count => count > 0))
            {
                await report.MeasureAsync(
                    servers, settings.Turns, $"{clients} clients", turn => Load(settings, turn, clients, settings.PromptTokens),
                    cancellationToken).ConfigureAwait(false);
            }
            foreach (int length in settings.Lengths.Where(length => length > settings.OutputTokens))
            {
                await report.MeasureAsync(
                    servers, settings.Turns, $"context {length}", turn => Load(settings, turn, 1, length - settings.OutputTokens),
                    cancellationToken).ConfigureAwait(false);
            }
        }
        await report.PublishAsync(settings.Json).ConfigureAwait(false);
        return report.Failed ? 1 : 0;
    }

    private static ClosedLoop Load(Settings settings, int turn, int clients, int promptTokens)
    {
        var prompts = new PromptSource(settings.Seed, turn, clients, promptTokens);
        return new ClosedLoop([.. Enumerable.Range(0, clients).Select(CompletionRequest[] (_) =>
            [new CompletionRequest { PromptTokens = prompts.Next(promptTokens), NewTokens = settings.OutputTokens }])]);
    }
}
