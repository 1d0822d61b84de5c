namespace LlamaHost.Server.Rehearsals;

/// <summary>
/// Answers a made-up request of one API with a made-up model. Most of a first request's time is that of the runtime, which compiles code when it is
/// first used; here that is while nobody waits.
/// </summary>
internal interface IRehearsal
{
    /// <summary>Does once what a first request's answer takes, but for the model's part.</summary>
    Task RunAsync();
}
