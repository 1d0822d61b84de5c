using System.Runtime.CompilerServices;
using LlamaHost.Protocol;

namespace LlamaHost.Worker.Models;

/// <summary>The model's latest state, and for any number of readers each later one.</summary>
internal sealed class StatusFeed(WorkerStatus first)
{
    private volatile Change _latest = new(first);

    /// <summary>Publishes the next state. By one thread at a time.</summary>
    public void Publish(WorkerStatus status)
    {
        Change previous = _latest;
        _latest = new Change(status);
        previous.Next.SetResult(_latest);
    }

    /// <summary>The state now, at once, and then each change.</summary>
    public async IAsyncEnumerable<WorkerStatus> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (Change change = _latest; ; change = await change.Next.Task.WaitAsync(cancellationToken).ConfigureAwait(false))
            yield return change.Status;
    }

    private sealed class Change(WorkerStatus status)
    {
        public WorkerStatus Status { get; } = status;

        public TaskCompletionSource<Change> Next { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
