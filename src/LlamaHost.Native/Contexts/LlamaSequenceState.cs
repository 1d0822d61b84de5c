using LlamaHost.Native.Interop;

namespace LlamaHost.Native;

/// <summary>Saves a sequence's cells as bytes, and puts them into a sequence again. Used by the context's thread.</summary>
public sealed unsafe class LlamaSequenceState
{
    private readonly LlamaContextHandle _context;
    private readonly int _maxSequences;

    internal LlamaSequenceState(LlamaContextHandle context, int maxSequences)
    {
        _context = context;
        _maxSequences = maxSequences;
    }

    /// <summary>Bytes that a copy needs now.</summary>
    public long Size(int sequence) => (long)LibLlama.llama_state_seq_get_size(_context, Checked(sequence));

    /// <summary>Writes the sequence's state. Returns the number of bytes; 0 if the buffer is too small.</summary>
    public int Save(int sequence, Span<byte> target)
    {
        fixed (byte* start = target)
            return (int)LibLlama.llama_state_seq_get_data(_context, start, (nuint)target.Length, Checked(sequence));
    }

    /// <summary>Replaces a sequence's cells by a saved state of the same model and the same cache types.</summary>
    /// <returns>Whether it fitted: if not, the sequence is empty.</returns>
    public bool Load(int sequence, ReadOnlySpan<byte> source)
    {
        fixed (byte* start = source)
            return LibLlama.llama_state_seq_set_data(_context, start, (nuint)source.Length, Checked(sequence)) != 0;
    }

    /// <summary>Copies the sequence's state into memory of its own.</summary>
    /// <exception cref="LlamaException">It can't be saved.</exception>
    public LlamaSavedState Save(int sequence) => LlamaSavedState.Copy(_context, Checked(sequence));

    /// <inheritdoc cref="Load(int, ReadOnlySpan{byte})"/>
    public bool Load(int sequence, LlamaSavedState source) => source.Load(_context, Checked(sequence));

    private int Checked(int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(sequence, _maxSequences);
        return sequence;
    }
}
