namespace LlamaHost.Server.Generate;

/// <summary>
/// The body of <c>POST /generate</c> as sent: every value in its range, <see langword="null"/> where it was left out.
/// <see cref="GenerateParameters"/> says what each means.
/// </summary>
internal sealed class GenerateRequest
{
    public IReadOnlyList<string> Prompts { get; set; } = [];

    public string? Model { get; set; }

    public int? MaxLength { get; set; }

    public int? MaxNewTokens { get; set; }

    public int? MinNewTokens { get; set; }

    public int NumReturnSequences { get; set; } = 1;

    public bool? DoSample { get; set; }

    public float? Temperature { get; set; }

    public int? TopK { get; set; }

    public float? TopP { get; set; }

    public float? MinP { get; set; }

    public float? RepetitionPenalty { get; set; }

    public ulong? Seed { get; set; }

    public IReadOnlyList<string> Stop { get; set; } = [];

    public IReadOnlyList<int> StopTokenIds { get; set; } = [];

    public bool ReturnFullText { get; set; } = true;

    public bool SkipSpecialTokens { get; set; } = true;

    public int? Logprobs { get; set; }

    public bool Details { get; set; }

    public bool? Stream { get; set; }

    /// <summary>Log-probabilities to compute: <see cref="Details"/> show that of each token.</summary>
    public int? EffectiveLogprobs => Logprobs ?? (Details ? 0 : null);

    /// <summary>Names of the warpers' parameters that were given.</summary>
    public IReadOnlyList<string> SamplingParameters =>
    [
        .. Temperature is null ? Array.Empty<string>() : ["temperature"],
        .. TopK is null ? Array.Empty<string>() : ["top_k"],
        .. TopP is null ? Array.Empty<string>() : ["top_p"],
        .. MinP is null ? Array.Empty<string>() : ["min_p"],
    ];
}
