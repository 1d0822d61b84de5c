namespace LlamaHost.Engine.Scheduling;

/// <summary>
/// How many tokens of prompts may be computed in one step with running sequences, so that their next tokens don't come late. It learns from the
/// steps as they are: what running sequences need alone, a fixed part and a part for each, and what a token of a prompt beside them costs. The
/// latter grows with the prompt's length, and is lower in large chunks; so the last steps count, not an average of all.
/// </summary>
internal sealed class PrefillPace
{
    /// <summary>Unless a time is set, a step with prompts takes this many times what it would take without, or <see cref="Unhurried"/>.</summary>
    public const double Stretch = 2.5;

    /// <summary>
    /// Seconds, about 13 tokens per second: faster than anybody reads, so it need not be faster for a prompt to wait. llama.cpp's attention is dear
    /// in
    /// small pieces: a prompt of 4,000 tokens in chunks that fill 50 ms takes twice as long as in chunks of 64 tokens.
    /// </summary>
    public const double Unhurried = 0.075;

    // Prompts get on whatever the bound.
    private const int LeastTokens = 2;

    private const double Memory = 0.95;

    // A step that the operating system held up says little about the steps to come.
    private const double MostSurprise = 3;

    private readonly double _bound;
    private double _weight;
    private double _rows;
    private double _seconds;
    private double _rowsSquared;
    private double _product;
    private double _perPromptToken;

    /// <param name="bound">Longest step with running sequences; zero: found by itself.</param>
    public PrefillPace(TimeSpan bound) => _bound = bound.TotalSeconds;

    /// <summary>Notes what a step took.</summary>
    /// <param name="running">Tokens of running sequences that were computed in it.</param>
    /// <param name="prompts">Tokens of prompts.</param>
    /// <param name="duration">From before its computation to after its last choice.</param>
    public void Observe(int running, int prompts, TimeSpan duration)
    {
        double seconds = duration.TotalSeconds;
        if (prompts == 0)
            ObserveAlone(running, seconds);
        else if (running == 0)
            ObservePrompts(prompts, seconds / prompts, isBeside: false);
        else if (_weight > 0)
            ObservePrompts(prompts, Math.Max(0, seconds - Alone(running)) / prompts, isBeside: true);
    }

    /// <summary>
    /// Prompts of up to this many tokens are computed at once where no time is set: together with others of their kind they cost less than in pieces,
    /// and everybody's answer comes sooner.
    /// </summary>
    public int ShortPrompt => _bound > 0 ? 1 : 64;

    /// <summary>Most tokens of long prompts in a step with this many tokens of running sequences.</summary>
    public int TokensBeside(int running)
    {
        if (running == 0 || (_weight == 0 && _perPromptToken == 0))
            return int.MaxValue;
        // Until sequences ran alone, a token of theirs is taken to cost as much as one of a prompt; and the other way round.
        double alone = _weight > 0 ? Alone(running) : _perPromptToken * running;
        double each = _perPromptToken > 0 ? _perPromptToken : alone / running;
        double bound = _bound > 0 ? _bound : Math.Max(Stretch * alone, Unhurried);
        return (int)Math.Clamp((bound - alone) / each, LeastTokens, int.MaxValue);
    }

    private void ObserveAlone(int running, double seconds)
    {
        if (_weight > 0)
            seconds = Math.Min(seconds, MostSurprise * Alone(running));
        _weight = (_weight * Memory) + 1;
        _rows = (_rows * Memory) + running;
        _seconds = (_seconds * Memory) + seconds;
        _rowsSquared = (_rowsSquared * Memory) + ((double)running * running);
        _product = (_product * Memory) + (running * seconds);
    }

    private void ObservePrompts(int prompts, double each, bool isBeside)
    {
        if (_perPromptToken == 0)
        {
            _perPromptToken = each;
            return;
        }
        // Large chunks alone are cheaper by the token than small ones beside others.
        double trust = isBeside ? 0.5 : Math.Min(0.5, prompts / 1024.0);
        _perPromptToken += trust * (Math.Clamp(each, _perPromptToken / MostSurprise, _perPromptToken * MostSurprise) - _perPromptToken);
    }

    // The line through the steps without prompts; through the origin where they were all alike.
    private double Alone(int running)
    {
        double mean = _seconds / _weight;
        double meanRows = _rows / _weight;
        double variance = (_rowsSquared / _weight) - (meanRows * meanRows);
        if (variance < 0.05)
            return mean * running / meanRows;
        double slope = ((_product / _weight) - (meanRows * mean)) / variance;
        slope = Math.Clamp(slope, 0, mean / meanRows);
        return mean + (slope * (running - meanRows));
    }
}
