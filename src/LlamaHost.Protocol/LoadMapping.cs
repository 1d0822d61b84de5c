using LlamaHost.Engine.Requests;

namespace LlamaHost.Protocol;

/// <summary>What an engine is doing to and from its wire form.</summary>
internal static class LoadMapping
{
    public static Load ToMessage(this EngineLoad load) => new()
    {
        RunningSequences = load.RunningSequences,
        WaitingSequences = load.WaitingSequences,
        KvCells = load.KvCells,
        BusyKvCells = load.BusyKvCells,
        IdleKvCells = load.IdleKvCells,
        DecodeThreads = load.DecodeThreads,
        PrefillThreads = load.PrefillThreads,
        Steps = load.Steps,
        StepTokens = load.StepTokens,
        AllocatedBytes = load.AllocatedBytes,
    };

    public static EngineLoad ToLoad(this Load message) => new()
    {
        RunningSequences = message.RunningSequences,
        WaitingSequences = message.WaitingSequences,
        KvCells = message.KvCells,
        BusyKvCells = message.BusyKvCells,
        IdleKvCells = message.IdleKvCells,
        DecodeThreads = message.DecodeThreads,
        PrefillThreads = message.PrefillThreads,
        Steps = message.Steps,
        StepTokens = message.StepTokens,
        AllocatedBytes = message.AllocatedBytes,
    };
}
