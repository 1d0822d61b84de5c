using System.Collections.Immutable;
using LlamaHost.Runtime.Workers;

namespace LlamaHost.Runtime;

/// <summary>
/// A worker's process that is started before anything else: its runtime comes up beside the host's, and waits to be told which model it is for. The
/// first worker that the <see cref="InferenceRuntime"/> needs is this one.
/// </summary>
public sealed class WorkerHeadStart : IDisposable
{
    private readonly WorkerProgram _program = new(configured: null);
    private WaitingWorker? _waiting;

    private WorkerHeadStart()
    {
    }

    /// <summary>
    /// Starts the process. Where that fails nothing is lost: the first worker is then started like any other, and says why it can't.
    /// </summary>
    public static WorkerHeadStart Begin()
    {
        var start = new WorkerHeadStart();
        try
        {
            start._waiting = WaitingWorker.Start(start._program, ImmutableDictionary<string, string>.Empty);
        }
        catch (WorkerFailedException)
        {
            // As above.
        }
        return start;
    }

    /// <summary>The process's id, as long as nobody has taken it.</summary>
    internal int? ProcessId => _waiting?.Process.Id;

    /// <summary>Ends the process, unless the runtime has taken it.</summary>
    public void Dispose() => Interlocked.Exchange(ref _waiting, null)?.Dispose();

    /// <summary>The process, for the first who asks. One of another program, or with other variables, than is asked for is ended.</summary>
    internal WaitingWorker? Take(WorkerProgram program, IReadOnlyDictionary<string, string> environment)
    {
        WaitingWorker? waiting = Interlocked.Exchange(ref _waiting, null);
        if (program == _program && environment.Count == 0)
            return waiting;
        waiting?.Dispose();
        return null;
    }
}
