using System.Numerics.Tensors;

namespace LlamaHost.Engine.Sampling;

/// <summary>
/// The tokens that can still be drawn, with their scores, in the order of their ids. That order, and not one by score, makes a draw robust:
/// two nearly equal scores may change places when the same sequence is computed in another batch, ids don't.
/// </summary>
internal sealed class CandidateSet(int vocabulary)
{
    private readonly int[] _ids = new int[vocabulary];
    private readonly float[] _scores = new float[vocabulary];
    private readonly float[] _scratch = new float[vocabulary];
    private readonly float[] _secondScratch = new float[vocabulary];
    private bool _isWhole;

    public int Count { get; private set; }

    /// <summary>Their scores; free to be changed.</summary>
    public Span<float> Scores => _scores.AsSpan(0, Count);

    /// <summary>Room for as many numbers as there are candidates.</summary>
    public Span<float> Scratch => _scratch.AsSpan(0, Count);

    /// <summary>As much room again.</summary>
    public Span<float> SecondScratch => _secondScratch.AsSpan(0, Count);

    public int Id(int index) => _isWhole ? index : _ids[index];

    /// <summary>Starts over with the whole vocabulary.</summary>
    public void Reset(ReadOnlySpan<float> scores)
    {
        scores.CopyTo(_scores);
        Count = scores.Length;
        _isWhole = true;
    }

    /// <summary>Drops every candidate that scores below the threshold.</summary>
    public void KeepAtLeast(float threshold) => Keep(threshold, int.MaxValue);

    /// <summary>
    /// Drops every candidate that scores below the threshold, and of those that equal it all but the first <paramref name="equals"/>.
    /// </summary>
    public void Keep(float threshold, int equals)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            float score = _scores[i];
            if (!(score > threshold) && !(score == threshold && equals-- > 0))
                continue;
            _ids[kept] = Id(i);
            _scores[kept++] = score;
        }
        Count = kept;
        _isWhole = false;
    }

    /// <summary>Replaces the scratch by the candidates' probabilities up to a factor, and returns their sum.</summary>
    /// <returns>NaN or infinity if the scores are not fit for drawing.</returns>
    public float Exponentiate()
    {
        float max = TensorPrimitives.Max<float>(Scores);
        TensorPrimitives.Subtract(Scores, max, Scratch);
        TensorPrimitives.Exp<float>(Scratch, Scratch);
        return TensorPrimitives.Sum<float>(Scratch);
    }

    /// <summary>The candidate at which the cumulative probability passes <paramref name="uniform"/>, or −1 if the scores are not numbers.</summary>
    public int Draw(double uniform)
    {
        const int Block = 1024;
        float sum = Exponentiate();
        if (!float.IsFinite(sum))
            return -1;
        ReadOnlySpan<float> weights = Scratch;
        // Blocks first, tokens inside one after: the sums are vectorised, and the rounding of a long running sum stays small.
        double total = 0;
        for (int start = 0; start < weights.Length; start += Block)
            total += TensorPrimitives.Sum(weights.Slice(start, Math.Min(Block, weights.Length - start)));
        double left = uniform * total;
        int last = -1;
        for (int start = 0; start < weights.Length; start += Block)
        {
            ReadOnlySpan<float> block = weights.Slice(start, Math.Min(Block, weights.Length - start));
            double blockSum = TensorPrimitives.Sum(block);
            if (left >= blockSum && start + Block < weights.Length)
            {
                left -= blockSum;
                continue;
            }
            for (int i = 0; i < block.Length; i++)
            {
                if (block[i] <= 0)
                    continue;
                last = start + i;
                left -= block[i];
                if (left < 0)
                    return Id(last);
            }
        }
        // Rounding left a crumb beyond the last token that has any probability.
        return last < 0 ? -1 : Id(last);
    }
}
