using LlamaHost.Engine.Execution;

namespace LlamaHost.Engine.Scheduling;

/// <summary>A node of <see cref="SavedPrefixes"/>: a run of tokens after those of its parent, and the copy of their cells.</summary>
internal sealed class SavedBlock
{
    /// <summary>A root: no tokens.</summary>
    public SavedBlock(string salt) => (Salt, Tokens) = (salt, []);

    /// <param name="parent">The block before it, which is full.</param>
    /// <param name="tokens">Its tokens.</param>
    public SavedBlock(SavedBlock parent, int[] tokens)
    {
        Parent = parent;
        Start = parent.End;
        Tokens = tokens;
        Place = new LinkedListNode<SavedBlock>(this);
    }

    public SavedBlock? Parent { get; }

    /// <summary>Whose content it is; set for a root only.</summary>
    public string? Salt { get; }

    /// <summary>Position of its first token.</summary>
    public int Start { get; }

    public int[] Tokens { get; }

    /// <summary>Position after its last token.</summary>
    public int End => Start + Tokens.Length;

    public List<SavedBlock> Children { get; } = [];

    /// <summary>Its place in the order of use; <see langword="null"/> for a root.</summary>
    public LinkedListNode<SavedBlock>? Place { get; }

    /// <summary>Number of the last operation that used it.</summary>
    public long LastUse { get; set; }

    /// <summary>The copy, once the operation that makes it is carried out.</summary>
    public ISavedCells? Cells { get; set; }
}
