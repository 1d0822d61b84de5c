namespace LlamaHost.Runtime.Generations;

/// <summary>How fast sequences have ended lately, for an estimate of when there is room.</summary>
internal sealed class Throughput(TimeProvider time)
{
    private const int Window = 64;

    /// <summary>The wait advised when nothing is known, and the least and the longest.</summary>
    public static readonly TimeSpan Unknown = TimeSpan.FromSeconds(5), Shortest = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromSeconds(60);

    private readonly Queue<long> _ends = new(Window);

    /// <summary>A sequence has ended now.</summary>
    public void Count()
    {
        if (_ends.Count == Window)
            _ends.Dequeue();
        _ends.Enqueue(time.GetTimestamp());
    }

    /// <summary>When that many more will have ended, if it goes on as it did.</summary>
    public TimeSpan TimeUntilEnded(int sequences)
    {
        if (_ends.Count < 2)
            return Unknown;
        // Up to now rather than to the last end, so that the estimate grows while nothing ends.
        TimeSpan perSequence = time.GetElapsedTime(_ends.Peek()) / _ends.Count;
        double seconds = perSequence.TotalSeconds * sequences;
        return TimeSpan.FromSeconds(Math.Clamp(seconds, Shortest.TotalSeconds, Longest.TotalSeconds));
    }
}
