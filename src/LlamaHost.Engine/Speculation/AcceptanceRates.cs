namespace LlamaHost.Engine.Speculation;

/// <summary>
/// How often the text went on as it did at an earlier place, by the number of tokens that matched before: the longer the match, the surer the guess.
/// Learnt from every token, whether it was guessed in earnest or not, so that it costs nothing to learn that guessing pays again.
/// </summary>
internal sealed class AcceptanceRates
{
    // Places beside a lost trail have their own.
    private const int FirstBack = 8;

    // What is expected of a text that nothing is known of, and how many observations that is worth.
    private static ReadOnlySpan<double> Prior => [0.2, 0.35, 0.5, 0.65, 0.8, 0.88, 0.93, 0.96, 0.5, 0.75, 0.88];

    private const double PriorWeight = 3;

    // Of older observations: what held for the last twenty or so tokens is believed.
    private const double Forgetting = 0.95;

    private readonly double[] _hits = new double[Prior.Length];
    private readonly double[] _weights = new double[Prior.Length];

    public AcceptanceRates()
    {
        for (int i = 0; i < Prior.Length; i++)
            (_hits[i], _weights[i]) = (Prior[i] * PriorWeight, PriorWeight);
    }

    /// <summary>The chance that the next token is as it was there.</summary>
    /// <param name="matching">Tokens that match before it; 1 or more.</param>
    /// <param name="isBack">The text was repeated there until a few tokens ago.</param>
    public double Of(int matching, bool isBack)
    {
        int index = Index(matching, isBack);
        return _hits[index] / _weights[index];
    }

    /// <summary>Learns of one token.</summary>
    public void Observe(int matching, bool isBack, bool hit)
    {
        int index = Index(matching, isBack);
        _hits[index] = (_hits[index] * Forgetting) + (hit ? 1 : 0);
        _weights[index] = (_weights[index] * Forgetting) + 1;
    }

    private static int Index(int matching, bool isBack) => matching switch
    {
        <= 3 when isBack => FirstBack + matching - 1,
        > 3 when isBack => 7,
        <= 4 => matching - 1,
        <= 6 => 4,
        <= 10 => 5,
        <= 16 => 6,
        _ => 7,
    };
}
