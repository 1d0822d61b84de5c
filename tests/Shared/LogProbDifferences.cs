namespace LlamaHost.Tests;

/// <summary>Differences of log-probabilities between the quantised default model and transformers.</summary>
internal sealed class LogProbDifferences
{
    // What the golden data's README measured with an exact cache (0.04, 0.22 and 0.42), with room: rounding depends on the processor.
    private const double Mean = 0.05, OfMost = 0.25, Largest = 0.5;

    private readonly List<double> _all = [];

    public void Add(double golden, double actual) => _all.Add(Math.Abs(golden - actual));

    public void AssertSmall()
    {
        double ofMost = _all.Order().ElementAt((int)(0.99 * (_all.Count - 1)));
        string summary = FormattableString.Invariant(
            $"{_all.Count} log-probabilities differ by {_all.Average():f3} on average, 99% at most {ofMost:f3}, none by more than {_all.Max():f3}");
        Assert.True(_all.Average() < Mean && ofMost < OfMost && _all.Max() < Largest, summary);
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
    }
}
