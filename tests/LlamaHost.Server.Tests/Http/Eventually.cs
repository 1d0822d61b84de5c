using System.Diagnostics;

namespace LlamaHost.Server.Tests.Http;

/// <summary>Waits for what must become true.</summary>
internal static class Eventually
{
    // Long enough for a busy machine; a test that passes never waits for it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>The first value that is not null.</summary>
    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> look)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Patience)
        {
            if (await look() is { } found)
                return found;
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
        throw new TimeoutException($"It did not happen within {Patience}: {what}.");
    }

    /// <summary>Returns when it is true.</summary>
    public static Task TrueAsync(string what, Func<Task<bool>> look) => GetAsync(what, async () => await look() ? "yes" : null);
}
