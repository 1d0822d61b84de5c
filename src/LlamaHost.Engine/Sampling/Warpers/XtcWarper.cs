using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Sampling.Warpers;

/// <summary>
/// Now and then leaves out all tokens that reach a threshold but the least likely of them. Source: llama.cpp's <c>xtc</c> sampler.
/// </summary>
internal sealed class XtcWarper(XtcSettings settings)
{
    /// <param name="candidates">What can be drawn.</param>
    /// <param name="uniform">A random number in [0, 1): whether it happens now.</param>
    public void Apply(CandidateSet candidates, double uniform)
    {
        if (uniform >= settings.Probability || candidates.Count < 2)
            return;
        float threshold = candidates.LogSumExp() + MathF.Log(settings.Threshold);
        Span<float> scores = candidates.Scores;
        int least = -1;
        int reaching = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            if (!(scores[i] >= threshold))
                continue;
            reaching++;
            if (least < 0 || scores[i] < scores[least])
                least = i;
        }
        if (reaching < 2)
            return;
        for (int i = 0; i < scores.Length; i++)
        {
            if (i != least && scores[i] >= threshold)
                scores[i] = float.NegativeInfinity;
        }
        candidates.KeepAtLeast(float.MinValue, 1);
    }
}
