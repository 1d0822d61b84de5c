namespace LlamaHost.Server.OpenAi.Common;

/// <summary>A request that has the fields which completions and chat share.</summary>
internal interface ISampledRequest
{
    /// <summary>These fields.</summary>
    SamplingFields Sampling { get; }
}

/// <summary>
/// The fields that completions and chat share, as sent: every value in its range, the default where it was left out or null.
/// <see cref="SamplingParameters"/> says what each means.
/// </summary>
internal sealed class SamplingFields
{
    public string? Model { get; set; }

    public int N { get; set; } = 1;

    /// <summary><see langword="null"/>: left out. Each API has a row and a default of its own.</summary>
    public int? MaxTokens { get; set; }

    /// <summary>0: always the most likely token.</summary>
    public float Temperature { get; set; } = 1;

    public float TopP { get; set; } = 1;

    public ulong? Seed { get; set; }

    public IReadOnlyList<string> Stop { get; set; } = [];

    public IReadOnlyList<(int Token, float Bias)> LogitBias { get; set; } = [];

    public float PresencePenalty { get; set; }

    public float FrequencyPenalty { get; set; }

    public bool Stream { get; set; }

    /// <summary><see langword="null"/>: no <c>stream_options</c>.</summary>
    public bool? IncludeUsage { get; set; }

    /// <summary>0 or below: off.</summary>
    public int TopK { get; set; }

    public float MinP { get; set; }

    public float TypicalP { get; set; } = 1;

    public float RepetitionPenalty { get; set; } = 1;

    public float XtcProbability { get; set; }

    public float XtcThreshold { get; set; } = SamplingParameters.UsualXtcThreshold;

    public int MinTokens { get; set; }

    public bool IgnoreEos { get; set; }

    public IReadOnlyList<int> StopTokenIds { get; set; } = [];

    public bool SkipSpecialTokens { get; set; } = true;

    /// <summary>What the text must match. Not more than one.</summary>
    public List<TextConstraint> Constraints { get; } = [];

    public int Priority { get; set; }

    public string CacheSalt { get; set; } = "";
}
