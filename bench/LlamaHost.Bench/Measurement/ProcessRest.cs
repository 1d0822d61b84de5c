using System.Diagnostics;

namespace LlamaHost.Bench.Measurement;

/// <summary>Waits until this process does nothing.</summary>
/// <remarks>
/// ggml's threads poll for more work after their last (<c>ggml_threadpool_params.poll</c>), for about a tenth of a second. Those of a context that
/// was measured before would take cores from the one that is measured now.
/// </remarks>
internal static class ProcessRest
{
    private const double MostLoad = 0.1;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>Returns when the process used less than a tenth of one core for a while.</summary>
    /// <exception cref="TimeoutException">It does not come to rest; what would be measured beside that is worthless.</exception>
    public static async Task WaitAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        while (await LoadAsync(cancellationToken).ConfigureAwait(false) > MostLoad)
        {
            if (Stopwatch.GetElapsedTime(start) > LongestWait)
                throw new TimeoutException($"The process still computes {LongestWait.TotalSeconds} s after the last measurement.");
        }
    }

    private static async Task<double> LoadAsync(CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        await Task.Delay(Window, cancellationToken).ConfigureAwait(false);
        return (Environment.CpuUsage.TotalTime - before) / Stopwatch.GetElapsedTime(start);
    }
}
