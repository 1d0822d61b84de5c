using System.ComponentModel;
using LlamaHost.Bench.Load;
using LlamaHost.Bench.Servers;
using LlamaHost.Bench.Serving;
using Spectre.Console;
using Spectre.Console.Cli;

namespace LlamaHost.Bench.Http;

/// <summary>The load that the servers are put under.</summary>
internal sealed class HttpSettings : ServingSettings
{
    [CommandOption("--clients <N>")]
    [Description("Closed loop with this many clients; may be given several times. 1, 8 and 32 unless there is a --rate.")]
    public int[] ClientCounts { get; init; } = [];

    [CommandOption("--rate <N>")]
    [Description("Open loop with this many requests per second on average (Poisson); may be given several times.")]
    public double[] Rates { get; init; } = [];

    [CommandOption("--requests <N>")]
    [Description("Requests per turn; in a closed loop at least two per client. 0: three per client, or ten seconds of the rate.")]
    public int Requests { get; init; }

    [CommandOption("--prompt-tokens <MIX>")]
    [Description("Lengths of prompts: 128, 16-64 or 32-64:0.8,1024:0.2.")]
    [DefaultValue("16-48")]
    public string PromptTokens { get; init; } = "";

    [CommandOption("--output-tokens <MIX>")]
    [Description("Lengths of answers, written the same way.")]
    [DefaultValue("64")]
    public string OutputTokens { get; init; } = "";

    [CommandOption("--sampling <MODE>")]
    [Description("greedy, nucleus (temperature 1, top_p 0.95, top_k 0) or topk (0.8, 0.95, 40); may be given several times.")]
    public SamplingMode[] Sampling { get; init; } = [];

    [CommandOption("--ttft-slo <MS>")]
    [Description("A request is good if its first token comes within this time,")]
    [DefaultValue(1000)]
    public int FirstTokenLimit { get; init; }

    [CommandOption("--itl-slo <MS>")]
    [Description("and the others follow in this time each, on average.")]
    [DefaultValue(200)]
    public int TokenLimit { get; init; }

    [CommandOption("--busy-loops <N>")]
    [Description("Other processes that keep a core busy each.")]
    public int BusyLoops { get; init; }

    /// <inheritdoc />
    public override ValidationResult Validate()
    {
        try
        {
            _ = (LengthMix.Parse(PromptTokens), LengthMix.Parse(OutputTokens), RunningTargets().ToList());
        }
        catch (FormatException mistake)
        {
            return ValidationResult.Error(mistake.Message);
        }
        return ClientCounts.Any(count => count < 1) || Rates.Any(rate => !(rate > 0))
            ? ValidationResult.Error("There must be at least one client, and a rate above 0.")
            : ValidationResult.Success();
    }
}
