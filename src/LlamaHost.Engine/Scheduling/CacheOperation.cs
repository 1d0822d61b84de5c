using LlamaHost.Engine.Execution;

namespace LlamaHost.Engine.Scheduling;

/// <summary>A change of the cache outside decoding. A step carries them out in their order, before its batch.</summary>
internal readonly record struct CacheOperation
{
    private readonly Kind _kind;
    private readonly int _source;
    private readonly int _target;
    private readonly int _from;
    private readonly int _to;
    private readonly SavedBlock? _block;

    private CacheOperation(Kind kind, int source, int target, int from, int to, SavedBlock? block) =>
        (_kind, _source, _target, _from, _to, _block) = (kind, source, target, from, to, block);

    private enum Kind
    {
        Fork,
        Truncate,
        Save,
        Restore,
        Forget,
    }

    /// <summary>Lets an empty slot share the first cells of another.</summary>
    public static CacheOperation Fork(int source, int target, int length) => new(Kind.Fork, source, target, 0, length, null);

    /// <summary>Frees the slot's cells from a length on.</summary>
    public static CacheOperation Truncate(int slot, int length) => new(Kind.Truncate, -1, slot, length, 0, null);

    /// <summary>Copies the cells of a block's positions out of a slot.</summary>
    public static CacheOperation Save(int slot, SavedBlock block) => new(Kind.Save, slot, -1, block.Start, block.End, block);

    /// <summary>Copies a block's cells of the positions from <paramref name="from"/> to before <paramref name="to"/> back, to the end of a
    /// slot.</summary>
    public static CacheOperation Restore(SavedBlock block, int slot, int from, int to) => new(Kind.Restore, -1, slot, from, to, block);

    /// <summary>Frees the memory of a block that nobody can find any more.</summary>
    public static CacheOperation Forget(SavedBlock block) => new(Kind.Forget, -1, -1, 0, 0, block);

    /// <summary>Carries it out.</summary>
    public void ApplyTo(IModelExecutor executor)
    {
        switch (_kind)
        {
            case Kind.Fork:
                executor.Fork(_source, _target, _to);
                break;
            case Kind.Truncate:
                executor.Truncate(_target, _from);
                break;
            case Kind.Save:
                _block!.Cells = executor.Save(_source, _from, _to);
                break;
            case Kind.Restore:
                executor.Restore(_block!.Cells!, _target, _from, _to);
                break;
            case Kind.Forget:
                _block!.Cells?.Dispose();
                _block.Cells = null;
                break;
        }
    }
}
