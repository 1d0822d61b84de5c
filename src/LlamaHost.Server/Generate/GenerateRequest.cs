using System.Text.Json;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Generate.Parameters;
using LlamaHost.Server.Generate.Prompts;
using LlamaHost.Server.Generate.Rules;

namespace LlamaHost.Server.Generate;

/// <summary>
/// The body of <c>POST /generate</c> as sent: every value in its range, <see langword="null"/> where it was left out.
/// <see cref="GenerateParameters"/> says what each means.
/// </summary>
internal sealed class GenerateRequest
{
    /// <summary>Names of the fields that were sent, null ones aside.</summary>
    public HashSet<string> Given { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Prompts { get; set; } = [];

    public IReadOnlyList<IReadOnlyList<int>>? PromptTokenIds { get; set; }

    public PromptTemplate? Template { get; set; }

    public string? Instruction { get; set; }

    public string? Input { get; set; }

    public string? Model { get; set; }

    public IReadOnlyList<string>? Choices { get; set; }

    /// <summary>GBNF.</summary>
    public string? Grammar { get; set; }

    public string? Regex { get; set; }

    public JsonElement? JsonSchema { get; set; }

    /// <summary>The grammar that these come to, once the request was checked; <see langword="null"/>: any text.</summary>
    public string? ResolvedGrammar { get; set; }

    public int? MaxLength { get; set; }

    public int? MaxNewTokens { get; set; }

    public int? MinLength { get; set; }

    public int? MinNewTokens { get; set; }

    public TimeSpan? MaxTime { get; set; }

    public IReadOnlyList<string> Stop { get; set; } = [];

    public IReadOnlyList<string> StopStrings { get; set; } = [];

    public IReadOnlyList<int> StopTokenIds { get; set; } = [];

    /// <summary>Empty: none; <see langword="null"/>: the model's.</summary>
    public IReadOnlyList<int>? EosTokenIds { get; set; }

    public int NumReturnSequences { get; set; } = 1;

    public bool? DoSample { get; set; }

    public ulong? Seed { get; set; }

    public int Priority { get; set; }

    public string CacheSalt { get; set; } = "";

    public int NumBeams { get; set; } = 1;

    public EarlyStopping EarlyStopping { get; set; }

    public float LengthPenalty { get; set; } = 1;

    public int? PromptLookupNumTokens { get; set; }

    public int? MaxMatchingNgramSize { get; set; }

    /// <summary>May be 0, unlike the engine's.</summary>
    public float? Temperature { get; set; }

    /// <summary>The processors' and warpers' values that stand alone; <see cref="SamplingRule"/> adds the rest.</summary>
    public SamplingSettings Sampling { get; set; } = SamplingSettings.Greedy;

    public IReadOnlyList<string> BadWords { get; set; } = [];

    public string? NegativePrompt { get; set; }

    public float DryMultiplier { get; set; }

    public float? DryBase { get; set; }

    public int? DryAllowedLength { get; set; }

    public int? DryPenaltyLastN { get; set; }

    public IReadOnlyList<string>? DrySequenceBreakers { get; set; }

    public float XtcProbability { get; set; }

    public float? XtcThreshold { get; set; }

    public int Mirostat { get; set; }

    public float? MirostatTau { get; set; }

    public float? MirostatEta { get; set; }

    public bool ReturnFullText { get; set; } = true;

    public bool SkipSpecialTokens { get; set; } = true;

    public int? Logprobs { get; set; }

    public bool Details { get; set; }

    public bool? Stream { get; set; }

    /// <summary>Log-probabilities to compute: <see cref="Details"/> show that of each token.</summary>
    public int? EffectiveLogprobs => Logprobs ?? (Details ? 0 : null);

    /// <summary>Texts that no repetition reaches across; none if repetitions are not penalised.</summary>
    public IReadOnlyList<string> EffectiveDryBreakers => DryMultiplier == 0 ? [] : DrySequenceBreakers ?? LlamaCppRule.DrySequenceBreakers;

    /// <summary>How many prompts there are.</summary>
    public int PromptCount => Template is not null ? 1 : PromptTokenIds?.Count ?? Prompts.Count;

    /// <summary>Tells one prompt from the others in messages, such as <c>prompt[2]</c>.</summary>
    public string PlaceOf(int promptIndex) => PromptCount == 1 ? PromptField : $"{PromptField}[{promptIndex}]";

    /// <summary>The field that the prompts come from.</summary>
    public string PromptField => Template is not null ? "instruction" : PromptTokenIds is not null ? "prompt_token_ids" : "prompt";
}
