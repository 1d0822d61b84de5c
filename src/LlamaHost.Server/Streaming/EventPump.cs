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
        bool isOpen = true;
        while (isOpen)
        {
            isOpen = await RunUntilSilentAsync(items, write, writer, heartbeat, time, cancellationToken);
            if (isOpen)
            {
                writer.WriteHeartbeat();
                await writer.FlushAsync(cancellationToken);
            }
        }
    }

    /// <summary>Whether there may be more, after a silence.</summary>
    private static async Task<bool> RunUntilSilentAsync<T>(
        ChannelReader<T> items, Action<T> write, EventWriter writer, TimeSpan heartbeat, TimeProvider time, CancellationToken cancellationToken)
    {
        // One clock for all waits until the silence comes: a stream waits once per token.
        using var silence = new CancellationTokenSource(heartbeat, time);
        await using CancellationTokenRegistration ended = cancellationToken.UnsafeRegister(Cancel, silence);
        try
        {
            while (await items.WaitToReadAsync(silence.Token))
            {
                while (items.TryRead(out T? item))
                    write(item);
                await writer.FlushAsync(cancellationToken);
                silence.CancelAfter(heartbeat);
            }
            return false;
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return true;
        }
    }

    private static void Cancel(object? source) => ((CancellationTokenSource)source!).Cancel();
}
