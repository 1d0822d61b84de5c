namespace LlamaHost.Engine.Requests;

/// <summary>Beam search, as Hugging Face's <c>GenerationMixin._beam_search</c> (transformers 5.23) does it.</summary>
public sealed record BeamSettings
{
    /// <summary>Beams kept at each step (Hugging Face: <c>num_beams</c>). 2 or more, and at least as many as sequences are returned.</summary>
    public required int Count { get; init; }

    /// <summary>When the search ends.</summary>
    public EarlyStopping EarlyStopping { get; init; }

    /// <summary>
    /// Exponent of the length that a finished sequence's log-probability is divided by: above 0 long ones gain, below 0 short ones. Finite.
    /// </summary>
    public float LengthPenalty { get; init; } = 1;
}

/// <summary>When a beam search ends (Hugging Face: <c>early_stopping</c>).</summary>
public enum EarlyStopping
{
    /// <summary>When the best running beam, at its present length, can't beat the worst of a full pool (<c>false</c>).</summary>
    Heuristic,

    /// <summary>As soon as the pool is full (<c>true</c>).</summary>
    WhenFull,

    /// <summary>Only when no running beam can beat the pool at any length (<c>"never"</c>).</summary>
    Never,
}
