using System.Numerics;
using System.Runtime.InteropServices;

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
        (double sum, double squares, int count) = Moments(candidates.Scores);
        double mean = sum / count;
        double deviation = Math.Sqrt(Math.Max(0, (squares / count) - (mean * mean)));
        candidates.KeepAtLeast((float)(candidates.Max() - (n * deviation)), minKeep);
    }

    // Of what is not forbidden: minus infinity has no place in an average.
    private static (double Sum, double Squares, int Count) Moments(ReadOnlySpan<float> scores)
    {
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(scores);
        Vector<double> sums = Vector<double>.Zero;
        Vector<double> squares = Vector<double>.Zero;
        Vector<int> counts = Vector<int>.Zero;
        foreach (Vector<float> vector in vectors)
        {
            Vector<int> forbidden = Vector.Equals(vector, new Vector<float>(float.NegativeInfinity));
            counts += Vector<int>.One + forbidden;
            Vector.Widen(Vector.ConditionalSelect(forbidden, Vector<float>.Zero, vector), out Vector<double> low, out Vector<double> high);
            sums += low + high;
            squares += (low * low) + (high * high);
        }
        (double sum, double square, int count) = (Vector.Sum(sums), Vector.Sum(squares), Vector.Sum(counts));
        foreach (float score in scores[(vectors.Length * Vector<float>.Count)..])
        {
            if (float.IsNegativeInfinity(score))
                continue;
            (sum, square, count) = (sum + score, square + ((double)score * score), count + 1);
        }
        return (sum, square, count);
    }
}
