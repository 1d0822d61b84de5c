using System.Diagnostics;

namespace LlamaHost.Bench.Servers;

/// <summary>Other work on the machine: processes that each keep one core busy.</summary>
internal sealed class BusyLoops : IDisposable
{
    private readonly List<Process> _processes = [];

    public BusyLoops(int count)
    {
        for (int i = 0; i < count; i++)
            _processes.Add(Process.Start("/bin/sh", ["-c", "while :; do :; done"]));
    }

    public void Dispose()
    {
        foreach (Process process in _processes)
        {
            process.Kill();
            process.Dispose();
        }
    }
}
