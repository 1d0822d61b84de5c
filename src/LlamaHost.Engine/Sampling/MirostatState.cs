using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Sampling;

/// <summary>
/// Steers a sequence's tokens to a target of information: tokens above a bound can't be drawn, and the bound moves by how much the drawn one missed
/// the target. The bound depends on all tokens before and on the scores that they had. Source: Basu et al., "Mirostat" (ICLR 2021), version 2, as in
/// llama.cpp's
/// <c>mirostat-v2</c> sampler.
/// </summary>
internal sealed class MirostatState(MirostatSettings settings)
{
    // llama.cpp starts at twice the target.
    private float _bound = 2 * settings.Tau;

    /// <summary>Tokens that the bound has followed.</summary>
    public int Observed { get; private set; }

    /// <summary>Drops tokens with more information than the bound, but never all.</summary>
    public void Truncate(CandidateSet candidates) => candidates.KeepAtLeast(candidates.LogSumExp() - (_bound * MathF.Log(2)), minKeep: 1);

    /// <summary>Moves the bound by what the token told, among the candidates that were left.</summary>
    public void Observe(CandidateSet candidates, int token)
    {
        float surprise = (candidates.LogSumExp() - candidates.ScoreOf(token)) / MathF.Log(2);
        _bound -= settings.Eta * (surprise - settings.Tau);
        Observed++;
    }
}
