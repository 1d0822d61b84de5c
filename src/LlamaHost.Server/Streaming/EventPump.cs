using System.Threading.Channels;

namespace LlamaHost.Server.Streaming;

/// <summary>Moves items from a channel into a stream, one flush for all that are there, with heartbeats while there are none.</summary>
internal static class EventPump
{
    /// <summary>Runs until the channel is complete.</summary>
    /// <param name="items">What to send.</param>
    /// <param name="write">Writes one item.</param>
    /// <param name="writer">The stream, which has been started.</param>
    /// <param name="heartbeat">Longest silence.</param>
    /// <param name="time">Clock of the silence.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public static async Task RunAsync<T>(
        ChannelReader<T> items, Action<T> write, EventWriter writer, TimeSpan heartbeat, TimeProvider time, CancellationToken cancellationToken)
    {
        while (await WaitAsync(items, writer, heartbeat, time, cancellationToken))
        {
            while (items.TryRead(out T? item))
                write(item);
            await writer.FlushAsync(cancellationToken);
        }
    }

    private static async Task<bool> WaitAsync<T>(
        ChannelReader<T> items, EventWriter writer, TimeSpan heartbeat, TimeProvider time, CancellationToken cancellationToken)
    {
        Task<bool> more = items.WaitToReadAsync(cancellationToken).AsTask();
        while (!more.IsCompleted)
        {
            await ((Task)more).WaitAsync(heartbeat, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (more.IsCompleted)
                break;
            cancellationToken.ThrowIfCancellationRequested();
            writer.WriteHeartbeat();
            await writer.FlushAsync(cancellationToken);
        }
        return await more;
    }
}
