using LlamaHost.Native.Interop;

namespace LlamaHost.Native;

/// <summary>A context's KV cache. Positions are from 0; a range's end is exclusive. Used by the context's thread.</summary>
public sealed class LlamaMemory
{
    private readonly LlamaContextHandle _context;
    private readonly int _maxSequences;

    internal LlamaMemory(LlamaContextHandle context, int maxSequences)
    {
        _context = context;
        _maxSequences = maxSequences;
    }

    /// <summary>Whether positions can be shifted (<see cref="Shift"/>).</summary>
    public bool CanShift => LibLlama.llama_memory_can_shift(Pointer);

    /// <summary>Whether the model has one at all: those that read a text in both directions at once have not.</summary>
    public bool Exists => Pointer != 0;

    private nint Pointer => LibLlama.llama_get_memory(_context);

    /// <summary>Empties it.</summary>
    public void Clear() => LibLlama.llama_memory_clear(Pointer, data: false);

    /// <summary>Takes a sequence out of the cells from a position on; cells of no sequence are free.</summary>
    /// <returns>Whether it could: a recurrent state can't be cut in the middle.</returns>
    public bool Remove(int sequence, int from = 0, int to = int.MaxValue) => LibLlama.llama_memory_seq_rm(Pointer, Checked(sequence), from, to);

    /// <summary>Lets another sequence share cells.</summary>
    public void Copy(int source, int target, int from = 0, int to = int.MaxValue) =>
        LibLlama.llama_memory_seq_cp(Pointer, Checked(source), Checked(target), from, to);

    /// <summary>Removes all other sequences.</summary>
    public void Keep(int sequence) => LibLlama.llama_memory_seq_keep(Pointer, Checked(sequence));

    /// <summary>Adds to the positions of a sequence's cells.</summary>
    /// <exception cref="InvalidOperationException">This memory can't.</exception>
    public void Shift(int sequence, int from, int to, int delta)
    {
        // llama.cpp asserts.
        if (!CanShift)
            throw new InvalidOperationException("The memory of this model can't be shifted.");
        LibLlama.llama_memory_seq_add(Pointer, Checked(sequence), from, to, delta);
    }

    /// <summary>Lowest position of a sequence, or <see langword="null"/> if it is empty.</summary>
    public int? FirstPosition(int sequence) =>
        LibLlama.llama_memory_seq_pos_min(Pointer, Checked(sequence)) is >= 0 and int position ? position : null;

    /// <summary>Highest position of a sequence, or <see langword="null"/> if it is empty.</summary>
    public int? LastPosition(int sequence) =>
        LibLlama.llama_memory_seq_pos_max(Pointer, Checked(sequence)) is >= 0 and int position ? position : null;

    private int Checked(int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, _maxSequences);
        return sequence;
    }
}
