namespace LlamaHost.Engine.Scheduling;

/// <summary>
/// How many tokens of prompts may be computed in one step with running sequences, so that their next tokens don't come late. It learns what a step
/// costs, a
/// fixed part and a part per token, from the steps as they are: an old step counts less than a new one, and those of ordinary sizes tell the two
/// parts apart.
/// </summary>
internal sealed class PrefillPace
{
    /// <summary>Unless a time is set, a step with prompts takes this many times what it would take without.</summary>
    public const double Stretch = 2.5;

    // Prompts get on whatever the bound: with less than this per step they would mostly repeat the step's fixed costs.
    private const int LeastTokens = 4;

    private const double Memory = 0.95;

    // A step that the operating system held up says nothing about the steps to come.
    private const double MostSurprise = 3;

    // How strongly the line so far holds on while all steps have the same size, and so don't show a slope.
    private const double Hold = 0.2;

    private readonly int _batchTokens;
    private readonly double _bound;
    private Sums _sums;
    private double _fixed;
    private double _perToken;

    /// <param name="batchTokens">Most tokens of a step.</param>
    /// <param name="bound">Longest step with running sequences; zero: <see cref="Stretch"/> times what they need alone.</param>
    public PrefillPace(int batchTokens, TimeSpan bound) => (_batchTokens, _bound) = (batchTokens, bound.TotalSeconds);

    /// <summary>Notes what a step took.</summary>
    /// <param name="tokens">Tokens computed in it.</param>
    /// <param name="duration">From before its computation to after its last choice.</param>
    public void Observe(int tokens, TimeSpan duration)
    {
        double seconds = duration.TotalSeconds;
        if (_perToken == 0)
            _perToken = seconds / tokens;
        seconds = Math.Min(seconds, MostSurprise * Predict(tokens));
        _sums = _sums.Times(Memory).With(tokens, seconds, 1);
        Sums held = _sums.With(1, Predict(1), Hold).With(_batchTokens, Predict(_batchTokens), Hold / _batchTokens);
        (double start, double slope) = held.Line();
        // Rounding and chance aside, no part of a step is free.
        double mean = held.MeanCost();
        _perToken = Math.Clamp(slope, mean * 1e-3, mean);
        _fixed = Math.Max(0, slope == _perToken ? start : held.StartFor(_perToken));
    }

    /// <summary>Most tokens of prompts in a step with this many tokens of running sequences.</summary>
    public int TokensBeside(int running)
    {
        if (running == 0 || _perToken == 0)
            return int.MaxValue;
        double alone = Predict(running);
        double bound = _bound > 0 ? _bound : Stretch * alone;
        return (int)Math.Clamp((bound - alone) / _perToken, LeastTokens, int.MaxValue);
    }

    private double Predict(int tokens) => _fixed + (_perToken * tokens);

    /// <summary>Sums of a weighted regression.</summary>
    private readonly record struct Sums(double Weight, double Tokens, double Seconds, double TokensSquared, double Product)
    {
        public Sums Times(double factor) => new(Weight * factor, Tokens * factor, Seconds * factor, TokensSquared * factor, Product * factor);

        public Sums With(double tokens, double seconds, double weight) => new(
            Weight + weight,
            Tokens + (weight * tokens),
            Seconds + (weight * seconds),
            TokensSquared + (weight * tokens * tokens),
            Product + (weight * tokens * seconds));

        public (double Start, double Slope) Line()
        {
            double slope = ((Weight * Product) - (Tokens * Seconds)) / ((Weight * TokensSquared) - (Tokens * Tokens));
            return (StartFor(slope), slope);
        }

        public double StartFor(double slope) => (Seconds - (slope * Tokens)) / Weight;

        public double MeanCost() => Seconds / Tokens;
    }
}
