namespace LlamaHost.Engine.Scheduling;

/// <summary>
/// How the time of a step grows with its rows, in units of a step of one row. Learnt from the steps themselves, because it depends on the model, the
/// machine and what else runs there: a row more is nearly free where memory's speed is the limit, and dear where arithmetic is. A straight line
/// through the last steps, older ones weighing less, and what each number of rows was seen to differ from it.
/// </summary>
internal sealed class StepCost
{
    // Until something is known. CPUs were seen between 0.3 and 0.6, GPUs are far below.
    private const double UsualPerRow = 0.4;
    private const double LargestPerRow = 1.5;
    private const double Forgetting = 0.97;

    // One step that was held up says nothing of the next.
    private const double LargestSurprise = 2;

    // Steps of one size say nothing of others: what was learnt fades, so that it is tried again.
    private const double Fading = 0.005;
    private const double LeastVariance = 0.05;

    // Rows whose deviation is kept, and how many observations of it the line is worth.
    private const int MostRows = 64;
    private const double LineWeight = 1;

    private readonly double[] _deviations = new double[MostRows + 1];
    private readonly double[] _deviationWeights = new double[MostRows + 1];
    private double _weight;
    private double _rows;
    private double _time;
    private double _rowsRows;
    private double _rowsTime;

    /// <summary>Time of a row more, on the line.</summary>
    public double PerRow { get; private set; } = UsualPerRow;

    /// <summary>Time of a step of so many rows; 1 or more.</summary>
    public double Of(int rows) => Line(rows) * Deviation(rows);

    /// <summary>Learns of a step all of whose tokens had their logits taken.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="time">What it took, in any unit. Not above 0: there is nothing to learn.</param>
    public void Observe(int rows, double time)
    {
        if (rows < 1 || time <= 0)
            return;
        if (_weight > 0)
        {
            double onLine = _time / _weight * Line(rows) / Line(_rows / _weight);
            double expected = onLine * Deviation(rows);
            time = Math.Clamp(time, expected / LargestSurprise, expected * LargestSurprise);
            ObserveDeviation(rows, time / onLine);
        }
        _weight = (_weight * Forgetting) + 1;
        _rows = (_rows * Forgetting) + rows;
        _time = (_time * Forgetting) + time;
        _rowsRows = (_rowsRows * Forgetting) + ((double)rows * rows);
        _rowsTime = (_rowsTime * Forgetting) + (rows * time);
        PerRow = Slope();
    }

    private double Slope()
    {
        double meanRows = _rows / _weight;
        double meanTime = _time / _weight;
        double variance = (_rowsRows / _weight) - (meanRows * meanRows);
        if (variance < LeastVariance)
            return PerRow + ((UsualPerRow - PerRow) * Fading);
        double slope = ((_rowsTime / _weight) - (meanRows * meanTime)) / variance;
        double first = meanTime - (slope * (meanRows - 1));
        return slope <= 0 ? 0 : first <= 0 ? LargestPerRow : Math.Min(slope / first, LargestPerRow);
    }

    private void ObserveDeviation(int rows, double deviation)
    {
        for (int i = 1; i <= MostRows; i++)
        {
            _deviations[i] *= Forgetting;
            _deviationWeights[i] *= Forgetting;
        }
        if (rows > MostRows)
            return;
        _deviations[rows] += deviation;
        _deviationWeights[rows]++;
    }

    private double Deviation(int rows) =>
        rows > MostRows ? 1 : (_deviations[rows] + LineWeight) / (_deviationWeights[rows] + LineWeight);

    private double Line(double rows) => 1 + (PerRow * (rows - 1));
}
