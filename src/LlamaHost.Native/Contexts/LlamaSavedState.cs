using LlamaHost.Native.Interop;

namespace LlamaHost.Native;

/// <summary>
/// A copy of a sequence's cells in the host's memory, outside the garbage collector's heap: there may be gigabytes of it, and it shall be free the
/// moment
/// that it is disposed.
/// </summary>
public sealed unsafe class LlamaSavedState : IDisposable
{
    private readonly MemoryHandle _memory;

    private LlamaSavedState(MemoryHandle memory) => _memory = memory;

    /// <summary>Bytes.</summary>
    public long Length => _memory.Length;

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    internal static LlamaSavedState Copy(LlamaContextHandle context, int sequence)
    {
        nuint size = LibLlama.llama_state_seq_get_size(context, sequence);
        var memory = new MemoryHandle(size);
        if (LibLlama.llama_state_seq_get_data(context, memory.Start, size, sequence) == size)
            return new LlamaSavedState(memory);
        memory.Dispose();
        throw new LlamaException($"The cells of sequence {sequence} can't be saved", []);
    }

    internal bool Load(LlamaContextHandle context, int sequence)
    {
        bool held = false;
        try
        {
            _memory.DangerousAddRef(ref held);
            return LibLlama.llama_state_seq_set_data(context, _memory.Start, (nuint)_memory.Length, sequence) != 0;
        }
        finally
        {
            if (held)
                _memory.DangerousRelease();
        }
    }
}
