namespace LlamaHost.Server.OpenAi.Responses;

/// <summary>How far a response has come.</summary>
internal static class ResponseStatus
{
    /// <summary>It goes on.</summary>
    public const string InProgress = "in_progress";

    /// <summary>The model ended it.</summary>
    public const string Completed = "completed";

    /// <summary>It was cut by its length.</summary>
    public const string Incomplete = "incomplete";

    /// <summary>The server could not complete it.</summary>
    public const string Failed = "failed";

    /// <summary>A client had it ended.</summary>
    public const string Cancelled = "cancelled";
}
