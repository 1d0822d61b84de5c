namespace LlamaHost.Grammars.Matching;

/// <summary>
/// The ways back from where matching stands: all stacks of calls that led there, with common tops and common bottoms kept once. Equal sets made by
/// the same <see cref="StackSets"/> are the same object.
/// </summary>
internal sealed class StackSet
{
    /// <param name="number">Different for each.</param>
    /// <param name="hasBottom">Whether the empty stack is one of them.</param>
    /// <param name="frames">In order of their nodes, each node once.</param>
    public StackSet(long number, bool hasBottom, StackFrame[] frames)
    {
        (Number, HasBottom, Frames) = (number, hasBottom, frames);
        foreach (StackFrame frame in frames)
            Height = Math.Max(Height, frame.Below.Height + 1);
    }

    public long Number { get; }

    /// <summary>The empty stack is one of them: the whole text may end here.</summary>
    public bool HasBottom { get; }

    public StackFrame[] Frames { get; }

    /// <summary>Calls of the highest stack.</summary>
    public int Height { get; }
}

/// <summary>A call on top of a stack.</summary>
/// <param name="Return">The node to go on at.</param>
/// <param name="Below">What is below it.</param>
internal readonly record struct StackFrame(int Return, StackSet Below);
