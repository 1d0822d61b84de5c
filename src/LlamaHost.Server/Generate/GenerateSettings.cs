using LlamaHost.Engine.Requests;

namespace LlamaHost.Server.Generate;

/// <summary>The settings in effect after defaults. What has no effect, such as temperature in greedy search, is absent.</summary>
public sealed record GenerateSettings
{
    /// <summary>Whether tokens were drawn rather than the most likely one taken.</summary>
    public required bool DoSample { get; init; }

    /// <summary>Divisor of the logits.</summary>
    public float? Temperature { get; init; }

    /// <summary>Most likely tokens kept; 0: all.</summary>
    public int? TopK { get; init; }

    /// <summary>Probability mass kept.</summary>
    public float? TopP { get; init; }

    /// <summary>Least probability kept, relative to the most likely token's.</summary>
    public float? MinP { get; init; }

    /// <summary>Penalty of tokens that occurred before; 1: none.</summary>
    public required float RepetitionPenalty { get; init; }

    /// <summary>Seed of the request: it gives all the sequences again.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Continuations of each prompt.</summary>
    public required int NumReturnSequences { get; init; }

    /// <summary>Most tokens of prompt and continuation, if this is what limited them.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Most new tokens per sequence; with several prompts, of the one that may get most.</summary>
    public required int MaxNewTokens { get; init; }

    /// <summary>Fewest new tokens before an end token.</summary>
    public required int MinNewTokens { get; init; }

    internal static GenerateSettings Of(GenerateRequest request, SamplingSettings sampling, ulong seed, int maxNewTokens) => new()
    {
        DoSample = sampling.DoSample,
        Temperature = sampling.DoSample ? sampling.Temperature : null,
        TopK = sampling.DoSample ? sampling.TopK : null,
        TopP = sampling.DoSample ? sampling.TopP : null,
        MinP = sampling.DoSample ? sampling.MinP : null,
        RepetitionPenalty = sampling.RepetitionPenalty,
        Seed = seed,
        NumReturnSequences = request.NumReturnSequences,
        MaxLength = request.MaxNewTokens is null ? request.MaxLength : null,
        MaxNewTokens = maxNewTokens,
        MinNewTokens = request.MinNewTokens ?? 0,
    };
}
