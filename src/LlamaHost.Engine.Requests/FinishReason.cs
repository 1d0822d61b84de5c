namespace LlamaHost.Engine.Requests;

/// <summary>Why a sequence ended.</summary>
public enum FinishReason
{
    /// <summary>The end-of-sequence token was chosen.</summary>
    EndOfSequence,

    /// <summary>A stop token was chosen or a stop text appeared.</summary>
    Stop,

    /// <summary>The most new tokens allowed, or the end of the context, was reached.</summary>
    Length,

    /// <summary>The request was cancelled.</summary>
    Cancelled,

    /// <summary>The request's own settings left no token to choose; the event carries a message.</summary>
    NoToken,

    /// <summary>The engine could not go on with it; the event carries a message.</summary>
    Error,
}
