namespace LlamaHost.Engine.Execution.Threads;

/// <summary>What the last steps with one thread count cost, in seconds per token.</summary>
internal sealed class RecentCosts
{
    private const int Capacity = 32;
    private const int Latest = 3;
    private const int FewestBefore = 4;

    // One freak of seconds must not count like hundreds of steps.
    private const double MostOfMedian = 10;

    // The latest last.
    private readonly List<double> _costs = new(Capacity + 1);
    private readonly double[] _sorted = new double[Capacity];

    /// <summary>How many steps it remembers.</summary>
    public int Count => _costs.Count;

    /// <summary>
    /// Mean cost: what throughput comes from. The median would not do: where threads wait for one that lost its core, some steps take far longer than
    /// most.
    /// </summary>
    public double Mean => CappedSum() / Count;

    /// <summary>The same without the step that took longest, if there are at least two.</summary>
    public double MeanWithoutWorst => Count < 2 ? Mean : (CappedSum() - Math.Min(Most, Cap())) / (Count - 1);

    /// <summary>The least that a step cost.</summary>
    public double Least => _costs.Min();

    /// <summary>The most that a step cost.</summary>
    public double Most => _costs.Max();

    /// <summary>
    /// How far the last three steps all lie above or below what was usual before: the nearest of them, over the median of those before. 1 where they
    /// don't agree, or there are too few to tell.
    /// </summary>
    public double Change
    {
        get
        {
            if (Count < FewestBefore + Latest)
                return 1;
            double least = Math.Min(_costs[^1], Math.Min(_costs[^2], _costs[^3]));
            double most = Math.Max(_costs[^1], Math.Max(_costs[^2], _costs[^3]));
            double usual = Median(Count - Latest);
            return least > usual ? least / usual : most < usual ? most / usual : 1;
        }
    }

    public void Add(double cost)
    {
        if (Count == Capacity)
            _costs.RemoveAt(0);
        _costs.Add(cost);
    }

    /// <summary>Forgets all but the last three steps.</summary>
    public void KeepLatest() => _costs.RemoveRange(0, Math.Max(0, Count - Latest));

    public void Clear() => _costs.Clear();

    private double CappedSum()
    {
        double most = Cap();
        double sum = 0;
        foreach (double cost in _costs)
            sum += Math.Min(cost, most);
        return sum;
    }

    private double Cap() => MostOfMedian * Median(Count);

    private double Median(int first)
    {
        _costs.CopyTo(0, _sorted, 0, first);
        _sorted.AsSpan(0, first).Sort();
        return _sorted[first / 2];
    }
}
