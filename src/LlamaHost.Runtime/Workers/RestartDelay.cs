namespace LlamaHost.Runtime.Workers;

/// <summary>
/// How long to wait before a worker is started again: not at all after the first loss, then twice as long each time, and anew after a worker
/// that ran well for a while.
/// </summary>
internal sealed class RestartDelay
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(500);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan HealthyTime = TimeSpan.FromMinutes(1);

    private TimeSpan _next = TimeSpan.Zero;

    /// <summary>The wait after a worker that was ready for that long.</summary>
    public TimeSpan Next(TimeSpan readyFor)
    {
        if (readyFor >= HealthyTime)
            _next = TimeSpan.Zero;
        TimeSpan delay = _next;
        _next = delay == TimeSpan.Zero ? First : delay * 2 < Longest ? delay * 2 : Longest;
        return delay;
    }
}
