namespace LlamaHost.Engine.Execution.Threads;

/// <summary>
/// Chooses how many threads compute each step, from how long the steps before took. ggml's threads wait for each other many times per step, spinning:
/// a thread whose core has other work delays all, and fewer threads are then faster. The best count depends on the shape of the step, and on
/// what else the machine does now.
/// </summary>
/// <remarks>It has no clock and starts nothing: it is told what happened and answers. Used by one thread.</remarks>
internal sealed class ThreadController
{
    private readonly ThreadCounts _counts;
    private readonly Shape?[] _shapes = new Shape?[StepShape.Count];

    // Counts how often a shape's fastest count changed.
    private int _changes;
    private int _fastest;

    /// <param name="most">Most threads, and those that a first step is computed with: at least 1.</param>
    public ThreadController(int most)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        _counts = new ThreadCounts(most);
        _fastest = most;
    }

    /// <summary>Threads for the next step of as many tokens.</summary>
    /// <param name="tokens">At least 1.</param>
    public int Next(int tokens)
    {
        Shape shape = ShapeOf(tokens);
        if (shape.SeenChanges != _changes)
        {
            shape.SeenChanges = _changes;
            shape.Tuner.Suggest(_fastest);
        }
        return shape.Tuner.Threads;
    }

    /// <summary>Takes how long a step took that was computed with the threads of <see cref="Next"/>.</summary>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="duration">Ignored unless positive.</param>
    /// <returns>The threads that such steps now take, if that has changed.</returns>
    public int? Record(int tokens, TimeSpan duration)
    {
        if (duration <= TimeSpan.Zero)
            return null;
        Shape shape = ShapeOf(tokens);
        int before = shape.Tuner.Incumbent;
        shape.Tuner.Record(tokens, duration.TotalSeconds);
        if (shape.Tuner.Incumbent == before)
            return null;
        _fastest = shape.Tuner.Incumbent;
        shape.SeenChanges = ++_changes;
        return _fastest;
    }

    private Shape ShapeOf(int tokens)
    {
        int index = StepShape.Of(tokens);
        return _shapes[index] ??= new Shape(new ShapeTuner(_counts, _fastest)) { SeenChanges = _changes };
    }

    private sealed class Shape(ShapeTuner tuner)
    {
        public ShapeTuner Tuner => tuner;

        public int SeenChanges { get; set; }
    }
}
