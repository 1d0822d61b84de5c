namespace LlamaHost.Engine.Requests;

/// <summary>What an engine is doing, as it was after a step.</summary>
public sealed record EngineLoad
{
    /// <summary>Sequences that are computed.</summary>
    public int RunningSequences { get; init; }

    /// <summary>Sequences that wait for room in the cache or for their turn.</summary>
    public int WaitingSequences { get; init; }

    /// <summary>Cells of the KV cache.</summary>
    public int KvCells { get; init; }

    /// <summary>Of these, cells that running sequences hold.</summary>
    public int BusyKvCells { get; init; }

    /// <summary>Cells that hold what is kept for reuse and that give way when running sequences need them.</summary>
    public int IdleKvCells { get; init; }

    /// <summary>Threads that computed the last step in which sequences only went on. 0: unknown.</summary>
    public int DecodeThreads { get; init; }

    /// <summary>Threads that computed the last step with tokens of prompts. 0: unknown.</summary>
    public int PrefillThreads { get; init; }

    /// <summary>Steps since the engine started.</summary>
    public long Steps { get; init; }

    /// <summary>Tokens computed in them: of prompts, chosen and guessed ones.</summary>
    public long StepTokens { get; init; }

    /// <summary>Managed memory that the engine's process has allocated since its start, in bytes.</summary>
    public long AllocatedBytes { get; init; }
}
