namespace LlamaHost.Bench.Memory;

/// <summary>Memory of one server and its child processes, in bytes.</summary>
/// <param name="Server">The server.</param>
/// <param name="Idle">After its first answer.</param>
/// <param name="Loaded">After the load, its connections closed.</param>
/// <param name="Difference">How much more the first server has, after the load.</param>
/// <param name="Error">What went wrong with a request.</param>
internal sealed record MemoryRow(string Server, ResidentMemory Idle, ResidentMemory Loaded, long Difference, string? Error);
