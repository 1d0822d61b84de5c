using System.ComponentModel;
using System.Diagnostics;

namespace LlamaHost.Runtime.Workers;

/// <summary>A worker's process in its private directory that waits for its start line. Whoever has it disposes of both parts, or of this.</summary>
internal sealed class WaitingWorker(WorkerDirectory directory, Process process) : IDisposable
{
    public WorkerDirectory Directory => directory;

    public Process Process => process;

    /// <summary>Starts the process, with variables besides those of this one.</summary>
    /// <exception cref="WorkerFailedException">It can't be started.</exception>
    public static WaitingWorker Start(WorkerProgram program, IReadOnlyDictionary<string, string> environment)
    {
        WorkerDirectory? directory = null;
        try
        {
            directory = new WorkerDirectory();
            var worker = new WaitingWorker(directory, Process.Start(program.StartInfo(directory.Path, environment))!);
            directory = null;
            return worker;
        }
        catch (Exception failure) when (failure is IOException or Win32Exception or UnauthorizedAccessException)
        {
            throw WorkerFailedException.Unstartable($"The worker can't be started: {failure.Message}");
        }
        finally
        {
            directory?.Dispose();
        }
    }

    /// <summary>Ends a process that nobody needs. It has loaded nothing that would have to be ended in order.</summary>
    public void Dispose()
    {
        process.Kill();
        process.Dispose();
        directory.Dispose();
    }
}
