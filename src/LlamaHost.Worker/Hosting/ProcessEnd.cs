using System.Diagnostics;

namespace LlamaHost.Worker.Hosting;

/// <summary>Ends the process with an exit code.</summary>
internal delegate void ExitProcess(int code);

/// <summary>The process's end, whatever its threads are doing.</summary>
internal static class ProcessEnd
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Exits with the code. Exit handlers and destructors of native libraries run, and may wait for ever for a thread or a device that hangs:
    /// then the process kills itself.
    /// </summary>
    public static void Exit(int code)
    {
        new Thread(KillAfterPatience) { Name = "last resort", IsBackground = true }.Start();
        Environment.Exit(code);
    }

    private static void KillAfterPatience()
    {
        using var never = new ManualResetEventSlim();
        never.Wait(Patience);
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
