using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Sampling;

/// <summary>What processors and warpers are made from.</summary>
/// <param name="Settings">Valid settings.</param>
/// <param name="MinNewTokens">No end token before this many new tokens.</param>
/// <param name="MaxNewTokens">Most new tokens.</param>
/// <param name="EosTokens">End-of-sequence ids in force.</param>
/// <param name="StopTokens">Further ids that end a sequence.</param>
/// <param name="IsBeamSearch">Several beams: warpers then leave enough to go on with.</param>
/// <param name="Vocabulary">Number of token ids.</param>
internal sealed record PipelineContext(
    SamplingSettings Settings, int MinNewTokens, int MaxNewTokens, int[] EosTokens, int[] StopTokens, bool IsBeamSearch, int Vocabulary)
{
    /// <summary>Fewest tokens that a warper leaves: in beam search so many that one beam can go on when all end tokens are chosen.</summary>
    public int MinKeep => !IsBeamSearch ? 1 : EosTokens.Length == 0 ? 2 : EosTokens.Length + 1;
}
