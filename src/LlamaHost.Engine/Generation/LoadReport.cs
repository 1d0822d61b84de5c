using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Scheduling;

namespace LlamaHost.Engine.Generation;

/// <summary>Says now and then what the engine is doing.</summary>
internal sealed class LoadReport(Scheduler scheduler, IModelExecutor executor, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long? _reported;
    private long _steps;
    private long _stepTokens;
    private int _decodeThreads;
    private int _prefillThreads;

    /// <summary>A step was computed.</summary>
    public void Count(Step step)
    {
        _steps++;
        _stepTokens += step.Batch.Count;
        if (step.RunningTokens == step.Batch.Count)
            _decodeThreads = executor.LastThreads;
        else
            _prefillThreads = executor.LastThreads;
    }

    /// <summary>The load, if it is time to say it: a second after the last time, and when nothing is left to compute.</summary>
    public EngineLoad? Due()
    {
        if (!scheduler.IsIdle && _reported is { } reported && time.GetElapsedTime(reported) < Interval)
            return null;
        _reported = time.GetTimestamp();
        return new EngineLoad
        {
            RunningSequences = scheduler.Running.Count,
            WaitingSequences = scheduler.Waiting.Count,
            KvCells = executor.Model.KvCells,
            BusyKvCells = scheduler.BusyCells,
            IdleKvCells = scheduler.CellsInUse - scheduler.BusyCells,
            DecodeThreads = _decodeThreads,
            PrefillThreads = _prefillThreads,
            Steps = _steps,
            StepTokens = _stepTokens,
            AllocatedBytes = GC.GetTotalAllocatedBytes(),
        };
    }
}
