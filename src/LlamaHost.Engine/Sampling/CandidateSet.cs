using System.Numerics;
using System.Numerics.Tensors;

namespace LlamaHost.Engine.Sampling;

/// <summary>
/// The tokens that can still be drawn, with their scores, in the order of their ids. That order, and not one by score, makes a draw robust:
/// two nearly equal scores may change places when the same sequence is computed in another batch, ids don't.
/// </summary>
internal sealed class CandidateSet(int vocabulary)
{
    // Weights that a draw passes over at a time.
    private const int Block = 1024;

    private readonly int[] _ids = new int[vocabulary];
    private readonly float[] _scores = new float[vocabulary];
    private readonly float[] _weights = new float[vocabulary];
    private readonly float[] _scratch = new float[vocabulary];
    private readonly float[] _secondScratch = new float[vocabulary];
    private readonly ulong[] _mask = new ulong[BitMask.Words(vocabulary)];
    private bool _isWhole;
    // The exponentials are the dearest part of a choice. They are computed when first asked for, and what is kept keeps its own.
    private bool _hasWeights;
    private bool _hasSum;
    private float _reference;
    private double _sum;

    public int Count { get; private set; }

    /// <summary>Their scores.</summary>
    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, Count);

    /// <summary>Their probabilities up to a factor, after <see cref="Exponentiate"/>.</summary>
    public ReadOnlySpan<float> Weights => _weights.AsSpan(0, Count);

    /// <summary>Room for as many numbers as there are candidates.</summary>
    public Span<float> Scratch => _scratch.AsSpan(0, Count);

    /// <summary>As much room again.</summary>
    public Span<float> SecondScratch => _secondScratch.AsSpan(0, Count);

    /// <summary>A bit for each candidate, for <see cref="KeepMarked"/>.</summary>
    public Span<ulong> Mask => _mask.AsSpan(0, BitMask.Words(Count));

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
        Count = scores.Length;
        _isWhole = true;
        scores.CopyTo(Change());
    }

    /// <summary>The scores, to be changed before anything else is asked for.</summary>
    public Span<float> Change()
    {
        _hasWeights = false;
        return _scores.AsSpan(0, Count);
    }

    /// <summary>Divides the scores.</summary>
    public void Divide(float divisor) => TensorPrimitives.Divide(Scores, divisor, Change());

    /// <summary>Makes the scores log-probabilities.</summary>
    public void Normalize() => TensorPrimitives.Subtract(Scores, LogSumExp(), Change());

    /// <summary>Largest score; NaN if there is no candidate or a score is not a number.</summary>
    public float Max() => Count == 0 ? float.NaN : TensorPrimitives.Max(Scores);

    /// <summary>Logarithm of the sum of all exponentials: what normalises the scores to log-probabilities.</summary>
    public float LogSumExp()
    {
        double sum = Exponentiate();
        return (float)(_reference + Math.Log(sum));
    }

    /// <summary>Entropy of the distribution that the scores are of, in nats.</summary>
    public float Entropy()
    {
        double sum = Exponentiate();
        return (float)Softmax.Entropy(Scores, _reference, Weights, sum);
    }

    /// <summary>Makes the <see cref="Weights"/>, unless they are there, and returns their sum.</summary>
    /// <returns>NaN if the scores are not fit for drawing.</returns>
    public double Exponentiate()
    {
        if (Count == 0)
            return double.NaN;
        if (!_hasWeights)
        {
            _reference = Max();
            _sum = Softmax.Exponentiate(Scores, _reference, _weights.AsSpan(0, Count));
        }
        else if (!_hasSum)
        {
            _sum = WeightedQuantile.Sum(Weights);
        }
        (_hasWeights, _hasSum) = (true, true);
        return _sum;
    }

    /// <summary>Drops every candidate that scores below the threshold, but keeps the most likely ones down to a number, with their ties.</summary>
    /// <remarks>NaN as threshold drops all: scores that are not numbers can't be drawn from.</remarks>
    public void KeepAtLeast(float threshold, int minKeep)
    {
        if (minKeep >= Count && minKeep > 1)
            return;
        float least = minKeep > 1 ? TopSelection.KthLargest(Scores, minKeep, Scratch) : Max();
        Keep(Scores, Math.Min(threshold, least), float.PositiveInfinity);
    }

    /// <summary>Keeps the k highest scores and those tied with the k-th.</summary>
    public void KeepTop(int k)
    {
        if (k < Count)
            Keep(Scores, TopSelection.KthLargest(Scores, k, Scratch), float.PositiveInfinity);
    }

    /// <summary>
    /// Keeps candidates whose weight is above the threshold, and of those that equal it the first <paramref name="equals"/>. By weight and not by
    /// score: different scores may have the same weight.
    /// </summary>
    public void KeepByWeight(float threshold, int equals)
    {
        BitMask.Mark(Weights, threshold, float.PositiveInfinity, Mask);
        for (int index = equals == int.MaxValue ? -1 : BitMask.Next(Mask, 0); index >= 0; index = BitMask.Next(Mask, index + 1))
        {
            if (_weights[index] == threshold && equals-- <= 0)
                BitMask.Clear(Mask, index);
        }
        KeepMarked();
    }

    /// <summary>Keeps the candidates at these indices.</summary>
    public void KeepIndices(ReadOnlySpan<int> indices)
    {
        Mask.Clear();
        foreach (int index in indices)
            BitMask.Set(Mask, index);
        KeepMarked();
    }

    /// <summary>Keeps the candidates whose number is within a range.</summary>
    /// <param name="by">A number for each.</param>
    /// <param name="lowest">Lower bound, inclusive.</param>
    /// <param name="highest">Upper bound, inclusive.</param>
    public void Keep(ReadOnlySpan<float> by, float lowest, float highest)
    {
        BitMask.Mark(by, lowest, highest, Mask);
        KeepMarked();
    }

    /// <summary>Keeps the candidates whose bits are set in the <see cref="Mask"/>.</summary>
    public void KeepMarked()
    {
        Span<ulong> mask = Mask;
        int kept = 0;
        foreach (ulong word in mask)
            kept += BitOperations.PopCount(word);
        if (kept == Count)
            return;
        BitMask.Compact(mask, Scores, _scores.AsSpan(0, Count));
        if (_hasWeights)
            BitMask.Compact(mask, Weights, _weights.AsSpan(0, Count));
        if (_isWhole)
            BitMask.Indices(mask, Count, _ids.AsSpan(0, Count));
        else
            BitMask.Compact(mask, _ids.AsSpan(0, Count), _ids.AsSpan(0, Count));
        Count = kept;
        _isWhole = false;
        _hasSum = false;
    }

    /// <summary>The candidate at which the cumulative probability passes <paramref name="uniform"/>, or −1 if the scores are not numbers.</summary>
    public int Draw(double uniform)
    {
        double total = Exponentiate();
        if (!double.IsFinite(total))
            return -1;
        ReadOnlySpan<float> weights = Weights;
        double left = uniform * total;
        int last = -1;
        // Blocks first, tokens inside one after: the sums are vectorised.
        for (int start = 0; start < weights.Length; start += Block)
        {
            ReadOnlySpan<float> block = weights.Slice(start, Math.Min(Block, weights.Length - start));
            double blockSum = WeightedQuantile.Sum(block);
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
