namespace LlamaHost.Engine.Sampling.Warpers;

/// <summary>Keeps tokens at least this fraction as likely as the most likely one. Source: <c>MinPLogitsWarper</c>.</summary>
internal sealed class MinPWarper(float minP, int minKeep) : IWarper
{
    public void Apply(CandidateSet candidates) => candidates.KeepAtLeast(candidates.Max() + MathF.Log(minP), minKeep);
}

/// <summary>Keeps tokens with at least a given probability. Source: <c>EpsilonLogitsWarper</c>.</summary>
internal sealed class EpsilonWarper(float epsilon, int minKeep) : IWarper
{
    public void Apply(CandidateSet candidates) => candidates.KeepAtLeast(candidates.LogSumExp() + MathF.Log(epsilon), minKeep);
}

/// <summary>
/// Keeps tokens with at least the probability <c>min(ε, √ε · exp(−entropy))</c>. Source: <c>EtaLogitsWarper</c>.
/// </summary>
internal sealed class EtaWarper(float epsilon, int minKeep) : IWarper
{
    public void Apply(CandidateSet candidates)
    {
        float eta = Math.Min(epsilon, MathF.Sqrt(epsilon) * MathF.Exp(-candidates.Entropy()));
        candidates.KeepAtLeast(candidates.LogSumExp() + MathF.Log(eta), minKeep);
    }
}

/// <summary>
/// Keeps tokens whose score is within n standard deviations of the largest. Source: llama.cpp's <c>top-n-sigma</c> sampler.
/// </summary>
internal sealed class TopNSigmaWarper(float n, int minKeep) : IWarper
{
    public void Apply(CandidateSet candidates)
    {
        double sum = 0;
        double squares = 0;
        int count = 0;
        foreach (float score in candidates.Scores)
        {
            if (float.IsNegativeInfinity(score))
                continue;
            count++;
            sum += score;
            squares += (double)score * score;
        }
        double mean = sum / count;
        double deviation = Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean)));
        candidates.KeepAtLeast((float)(candidates.Max() - (n * deviation)), minKeep);
    }
}
