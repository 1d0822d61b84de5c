namespace LlamaHost.Engine.Requests;

/// <summary>
/// How the next token is chosen, in the terms, order and formulas of Hugging Face's <c>GenerationConfig</c> (transformers 5.23).
/// A value that is left at its default switches its processor or warper off.
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

    /// <summary>Keep the smallest set of most likely tokens whose probability reaches this. (0, 1]; 1: off. Source: <c>TopPLogitsWarper</c>.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Keep tokens at least this fraction as likely as the most likely one. [0, 1]; 0: off. Source: <c>MinPLogitsWarper</c>.</summary>
    public float MinP { get; init; }

    /// <summary>
    /// Divides positive and multiplies negative logits of every token that occurs in prompt or continuation, once each.
    /// Above 0; 1: off. Source: <c>RepetitionPenaltyLogitsProcessor</c>.
    /// </summary>
    public float RepetitionPenalty { get; init; } = 1;
}
