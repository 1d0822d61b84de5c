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

    /// <summary>The score of a token; minus infinity if it is not a candidate.</summary>
    public float ScoreOf(int token)
    {
        int index = _isWhole ? token : _ids.AsSpan(0, Count).BinarySearch(token);
        return index < 0 ? float.NegativeInfinity : _scores[index];
    }

    /// <summary>Starts over with the whole vocabulary.</summary>
    public void Reset(ReadOnlySpan<float> scores)
    {
        scores.CopyTo(_scores);
        Count = scores.Length;
        _isWhole = true;
    }

    /// <summary>Largest score; NaN if there is no candidate or a score is not a number.</summary>
    public float Max() => Count == 0 ? float.NaN : TensorPrimitives.Max<float>(Scores);

    /// <summary>Logarithm of the sum of all exponentials: what normalises the scores to log-probabilities. Overwrites the scratch.</summary>
    public float LogSumExp() => Max() + MathF.Log(Exponentiate());

    /// <summary>Entropy of the distribution that the scores are of, in nats. Overwrites the scratch.</summary>
    public float Entropy()
    {
        float max = Max();
        float sum = Exponentiate();
        double weighted = 0;
        for (int i = 0; i < Count; i++)
            weighted += _scratch[i] > 0 ? _scratch[i] * (_scores[i] - max) : 0;
        return MathF.Log(sum) - (float)(weighted / sum);
    }

    /// <summary>Drops every candidate that scores below the threshold, but keeps the most likely ones down to a number, with their ties.</summary>
    /// <remarks>NaN as threshold drops all: scores that are not numbers can't be drawn from.</remarks>
    public void KeepAtLeast(float threshold, int minKeep)
    {
        if (minKeep > 1 && minKeep < Count)
            threshold = Math.Min(threshold, TopSelection.KthLargest(Scores, minKeep, Scratch));
        else if (minKeep >= Count)
            return;
        else
            threshold = Math.Min(threshold, Max());
        Keep(_scores, threshold, int.MaxValue);
    }

    /// <summary>Makes the scores log-probabilities.</summary>
    public void Normalize() => TensorPrimitives.Subtract(Scores, LogSumExp(), Scores);

    /// <summary>Keeps the k highest scores and those tied with the k-th.</summary>
    public void KeepTop(int k)
    {
        if (k < Count)
            Keep(_scores, TopSelection.KthLargest(Scores, k, Scratch), int.MaxValue);
    }

    /// <summary>
    /// Keeps candidates whose weight in the scratch is above the threshold, and of those that equal it the first <paramref name="equals"/>. By weight
    /// and not by score: different scores may have the same weight.
    /// </summary>
    public void KeepByWeight(float threshold, int equals) => Keep(_scratch, threshold, equals);

    /// <summary>Keeps the candidates at these indices; sorts them.</summary>
    public void KeepIndices(Span<int> indices)
    {
        indices.Sort();
        for (int i = 0; i < indices.Length; i++)
            (_ids[i], _scores[i]) = (Id(indices[i]), _scores[indices[i]]);
        Count = indices.Length;
        _isWhole = false;
    }

    private void Keep(float[] by, float threshold, int equals)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (!(by[i] > threshold) && !(by[i] == threshold && equals-- > 0))
                continue;
            _ids[kept] = Id(i);
            _scores[kept++] = _scores[i];
        }
        Count = kept;
        _isWhole = false;
    }

    /// <summary>Replaces the scratch by the candidates' probabilities up to a factor, and returns their sum.</summary>
    /// <returns>NaN or infinity if the scores are not fit for drawing.</returns>
    public float Exponentiate()
    {
        if (Count == 0)
            return float.NaN;
        TensorPrimitives.Subtract(Scores, Max(), Scratch);
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
