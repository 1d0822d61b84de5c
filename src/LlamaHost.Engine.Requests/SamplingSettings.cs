namespace LlamaHost.Engine.Requests;

/// <summary>
/// How the next token is chosen, in the terms, order and formulas of Hugging Face's <c>GenerationConfig</c> (transformers 5.23), and after that what
/// llama.cpp's users know. A value that is left at its default switches its processor or warper off.
/// </summary>
public sealed record SamplingSettings
{
    /// <summary>Always the most likely token, nothing else applied.</summary>
    public static SamplingSettings Greedy { get; } = new();

    /// <summary>Draw from the distribution; otherwise the most likely token is taken and the warpers do not apply.</summary>
    public bool DoSample { get; init; }

    /// <summary>Divides the logits. Above 0; 1 changes nothing. Source: <c>TemperatureLogitsWarper</c>.</summary>
    public float Temperature { get; init; } = 1;

    /// <summary>Keep the k most likely tokens and those tied with the k-th. 0: off. Source: <c>TopKLogitsWarper</c>.</summary>
    public int TopK { get; init; } = 50;

    /// <summary>
    /// Keep the smallest set of most likely tokens whose probability reaches this. (0, 1]; 1: off. Source: <c>TopPLogitsWarper</c>.
    /// </summary>
    public float TopP { get; init; } = 1;

    /// <summary>Keep tokens at least this fraction as likely as the most likely one. [0, 1]; 0: off. Source: <c>MinPLogitsWarper</c>.</summary>
    public float MinP { get; init; }

    /// <summary>
    /// Keep most likely tokens, of the first hundred, as long as their share of the entropy stays within this part of it. (0, 1]; 0: off.
    /// Source: <c>TopHLogitsWarper</c>.
    /// </summary>
    public float TopH { get; init; }

    /// <summary>
    /// Keep the tokens whose information is nearest to the entropy until their probability reaches this. (0, 1]; 1: off.
    /// Source: <c>TypicalLogitsWarper</c>.
    /// </summary>
    public float TypicalP { get; init; } = 1;

    /// <summary>Keep tokens with at least this probability. [0, 1); 0: off. Source: <c>EpsilonLogitsWarper</c>.</summary>
    public float EpsilonCutoff { get; init; }

    /// <summary>Keep tokens with at least a probability that falls with the entropy. [0, 1); 0: off. Source: <c>EtaLogitsWarper</c>.</summary>
    public float EtaCutoff { get; init; }

    /// <summary>Normalise the scores after everything else; matters for beam scores alone. Source: <c>LogitNormalization</c>.</summary>
    public bool RenormalizeLogits { get; init; }

    /// <summary>
    /// Divides positive and multiplies negative logits of every token that occurs in prompt or continuation, once each.
    /// Above 0; 1: off. Source: <c>RepetitionPenaltyLogitsProcessor</c>.
    /// </summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>
    /// The inverse for tokens of the prompt (the encoder's, if there is one): above 1 they gain. Above 0; 1: off.
    /// Source: <c>EncoderRepetitionPenaltyLogitsProcessor</c>.
    /// </summary>
    public float EncoderRepetitionPenalty { get; init; } = 1;

    /// <summary>
    /// No sequence of this many tokens occurs twice in prompt and continuation. 0: off. Source: <c>NoRepeatNGramLogitsProcessor</c>.
    /// </summary>
    public int NoRepeatNgramSize { get; init; }

    /// <summary>
    /// No sequence of this many tokens of the prompt (the encoder's, if there is one) occurs in the continuation. 0: off.
    /// Source: <c>EncoderNoRepeatNGramLogitsProcessor</c>.
    /// </summary>
    public int EncoderNoRepeatNgramSize { get; init; }

    /// <summary>
    /// Added to the score of a sequence's last token where its other tokens stand before. Source: <c>SequenceBiasLogitsProcessor</c>.
    /// </summary>
    public IReadOnlyList<SequenceBias> SequenceBias { get; init; } = [];

    /// <summary>Token sequences that are never completed. None is empty. Source: <c>NoBadWordsLogitsProcessor</c>.</summary>
    public IReadOnlyList<IReadOnlyList<int>> BadWords { get; init; } = [];

    /// <summary>Tokens that are never chosen. Source: <c>SuppressTokensLogitsProcessor</c>.</summary>
    public IReadOnlyList<int> SuppressTokens { get; init; } = [];

    /// <summary>Tokens that are not chosen first. Source: <c>SuppressTokensAtBeginLogitsProcessor</c>.</summary>
    public IReadOnlyList<int> BeginSuppressTokens { get; init; } = [];

    /// <summary>The token that follows a sequence of one token. Source: <c>ForcedBOSTokenLogitsProcessor</c>.</summary>
    public int? ForcedBosTokenId { get; init; }

    /// <summary>The tokens of which one is chosen last, at the length limit. Source: <c>ForcedEOSTokenLogitsProcessor</c>.</summary>
    public IReadOnlyList<int> ForcedEosTokenIds { get; init; } = [];

    /// <summary>
    /// From this many new tokens on, the end tokens' scores grow. <see langword="null"/>: off. Source: <c>ExponentialDecayLengthPenalty</c>.
    /// </summary>
    public ExponentialDecay? ExponentialDecayLengthPenalty { get; init; }

    /// <summary>Replace what is not a number by 0 and infinities by the largest numbers. Source: <c>InfNanRemoveLogitsProcessor</c>.</summary>
    public bool RemoveInvalidValues { get; init; }

    /// <summary>
    /// How far the scores move from those that follow <see cref="NegativePromptTokens"/> to those that follow the prompt; 1: off.
    /// Source: <c>UnbatchedClassifierFreeGuidanceLogitsProcessor</c>.
    /// </summary>
    public float GuidanceScale { get; init; } = 1;

    /// <summary>The prompt that guidance leads away from. Empty: the prompt's last token.</summary>
    public IReadOnlyList<int> NegativePromptTokens { get; init; } = [];

    /// <summary>Added to the scores of single tokens before everything else. Source: llama.cpp's <c>logit-bias</c> sampler.</summary>
    public IReadOnlyList<TokenBias> LogitBias { get; init; } = [];

    /// <summary>
    /// Taken from a token's score for each time it occurs in the continuation. 0: off. Source: llama.cpp's <c>penalties</c> sampler.
    /// </summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Taken from a token's score if it occurs in the continuation. 0: off. Source: llama.cpp's <c>penalties</c> sampler.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Penalises tokens that would lengthen a repetition. <see langword="null"/>: off. Source: llama.cpp's <c>dry</c> sampler.</summary>
    public DrySettings? Dry { get; init; }

    /// <summary>
    /// Keep tokens whose logit is within this many standard deviations of the largest. 0: off. Source: llama.cpp's <c>top-n-sigma</c> sampler.
    /// </summary>
    public float TopNSigma { get; init; }

    /// <summary>Sometimes leaves out the most likely tokens. <see langword="null"/>: off. Source: llama.cpp's <c>xtc</c> sampler.</summary>
    public XtcSettings? Xtc { get; init; }

    /// <summary>
    /// The temperature moves by up to this much around <see cref="Temperature"/>, with the entropy. 0: off.
    /// Source: llama.cpp's <c>temp-ext</c> sampler, <c>dynatemp_range</c>.
    /// </summary>
    public float DynamicTemperatureRange { get; init; }

    /// <summary>How the entropy acts on the temperature. Above 0. Source: llama.cpp, <c>dynatemp_exponent</c>.</summary>
    public float DynamicTemperatureExponent { get; init; } = 1;

    /// <summary>
    /// Steers the tokens' information to a target; replaces every truncation. <see langword="null"/>: off. Source: llama.cpp's <c>mirostat-v2</c>
    /// sampler.
    /// </summary>
    public MirostatSettings? Mirostat { get; init; }
}

/// <summary>A bias for a token sequence.</summary>
/// <param name="Tokens">At least one.</param>
/// <param name="Bias">Added to the last token's score.</param>
public sealed record SequenceBias(IReadOnlyList<int> Tokens, float Bias);

/// <summary>A bias for one token.</summary>
/// <param name="Token">Token id.</param>
/// <param name="Bias">Added to its score; minus infinity forbids it.</param>
public sealed record TokenBias(int Token, float Bias);

/// <summary>Growing scores of the end tokens.</summary>
/// <param name="Start">New tokens before it starts. 0 or more.</param>
/// <param name="Factor">Base of the exponential. Above 0.</param>
public sealed record ExponentialDecay(int Start, float Factor);

/// <summary>A penalty of <c>Multiplier · Base^(length − AllowedLength)</c> for the token that would lengthen a repetition of that length.</summary>
/// <param name="Multiplier">Above 0.</param>
/// <param name="Base">1 or more.</param>
/// <param name="AllowedLength">Repetitions up to this length are free. 0 or more.</param>
/// <param name="PenaltyLastN">Tokens looked back at; −1: all.</param>
/// <param name="Breakers">Token sequences that end a repetition, such as those of a line break.</param>
public sealed record DrySettings(float Multiplier, float Base, int AllowedLength, int PenaltyLastN, IReadOnlyList<IReadOnlyList<int>> Breakers);

/// <summary>Leaving out of the most likely tokens.</summary>
/// <param name="Probability">How often. (0, 1].</param>
/// <param name="Threshold">All tokens of at least this probability but the least likely of them are left out. (0, 0.5].</param>
public sealed record XtcSettings(float Probability, float Threshold);

/// <summary>A target for the tokens' information.</summary>
/// <param name="Tau">Target, in bits. Above 0.</param>
/// <param name="Eta">Learning rate. Above 0.</param>
public sealed record MirostatSettings(float Tau, float Eta);
