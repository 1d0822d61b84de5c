using System.Diagnostics;

namespace LlamaHost.Worker.Hosting;

/// <summary>Ends the process with an exit code.</summary>
internal delegate void ExitProcess(int code);

/// <summary>The process's end, whatever its threads are doing.</summary>
internal sealed class ProcessEnd(string socketPath)
{
    /// <summary>How long native code has to stop before the process kills itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private volatile Func<Task> _stopNativeCode = () => Task.CompletedTask;
    private int _exits;

    /// <summary>
    /// Has native code stopped before the process exits: its destructors run then, and crash under a computation that goes on.
    /// </summary>
    public void StopFirst(Func<Task> stopNativeCode) => _stopNativeCode = stopNativeCode;

    /// <summary>
    /// Exits with the code, soon and for certain: native code that hangs, be it in a computation or in a destructor, costs only patience. The first
    /// call counts.
    /// </summary>
    public void Exit(int code)
    {
        if (Interlocked.Increment(ref _exits) > 1)
            return;
        new Thread(KillAfterPatience) { Name = "last resort", IsBackground = true }.Start();
        _ = ExitAsync(code);
    }

    private async Task ExitAsync(int code)
    {
        try
        {
            DeleteSocket();
            await _stopNativeCode().ConfigureAwait(false);
        }
        finally
        {
            Environment.Exit(code);
        }
    }

    private void DeleteSocket()
    {
        try
        {
            File.Delete(socketPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The folder is the host's, which may have removed it.
        }
    }

    private static void KillAfterPatience()
    {
        using var never = new ManualResetEventSlim();
        never.Wait(Patience);
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
