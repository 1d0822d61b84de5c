namespace LlamaHost.Engine.Scheduling;

/// <summary>
/// What the step that is being built is expected to bring, and at what price: how many guessed tokens make it bring most tokens per second.
/// With one sequence a row more costs less than a step; in a full batch it costs what it is worth, and only sure guesses pay.
/// </summary>
internal sealed class StepYield(StepCost cost)
{
    // A gain smaller than this is within what is known of costs and chances.
    private const double LeastGain = 1.02;

    private int _rows;
    private double _tokens;

    /// <summary>Begins with the rows that the step has anyway, each of which brings what it must.</summary>
    public void Begin(int rows) => (_rows, _tokens) = (rows, rows);

    /// <summary>How many guesses of a sequence to compute. They are counted in.</summary>
    /// <param name="chances">The chance of each that it, and so all before it, is right.</param>
    public int Take(ReadOnlySpan<double> chances)
    {
        int best = 0;
        double bestTokens = _tokens;
        double bestSpeed = _tokens / cost.Of(_rows) * LeastGain;
        double tokens = _tokens;
        // All of them are tried: the kernels take rows in blocks, so that the fourth row may cost little and the fifth much.
        for (int count = 1; count <= chances.Length; count++)
        {
            tokens += chances[count - 1];
            double speed = tokens / cost.Of(_rows + count);
            if (speed > bestSpeed)
                (best, bestTokens, bestSpeed) = (count, tokens, speed);
        }
        _rows += best;
        _tokens = bestTokens;
        return best;
    }
}
