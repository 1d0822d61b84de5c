namespace LlamaHost.Engine.Scheduling;

/// <summary>Where a sequence stands with the scheduler.</summary>
internal enum SequenceState
{
    /// <summary>It holds no slot: not yet started, or preempted. It is computed (again) from its log when there is room.</summary>
    Waiting,

    /// <summary>It holds a slot, and every step brings its computed tokens nearer to its known ones.</summary>
    Running,

    /// <summary>It has ended.</summary>
    Finished,
}
