namespace LlamaHost.Server.Generations;

/// <summary>
/// What ended a stream that had begun, and was written there: to throw the reason itself would cut the connection before the client could read it.
/// </summary>
internal sealed class StreamFailedException(Exception reason) : Exception(reason.Message, reason)
{
    /// <summary>What ended it.</summary>
    public Exception Reason { get; } = reason;
}
