using System.Runtime.InteropServices;
using LlamaHost.Native.Interop;

namespace LlamaHost.Native;

/// <summary>
/// Tokens for one <see cref="LlamaContext.Decode"/> or <see cref="LlamaContext.Encode"/>. Its arrays are pinned once, so that
/// filling and passing it costs no allocation and no native memory. Not thread-safe.
/// </summary>
public sealed unsafe class LlamaBatch
{
    private readonly int[] _tokens;
    private readonly int[] _positions;
    private readonly int[] _sequences;
    private readonly int[] _sequenceCounts;
    private readonly nint[] _sequencePointers;
    private readonly sbyte[] _outputs;
    private int[] _firstSequences = [];
    private int _shared;

    /// <summary>Makes an empty batch.</summary>
    /// <param name="capacity">Most tokens, at least 1.</param>
    public LlamaBatch(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _tokens = GC.AllocateArray<int>(capacity, pinned: true);
        _positions = GC.AllocateArray<int>(capacity, pinned: true);
        _sequences = GC.AllocateArray<int>(capacity, pinned: true);
        _sequenceCounts = GC.AllocateArray<int>(capacity, pinned: true);
        _sequencePointers = GC.AllocateArray<nint>(capacity, pinned: true);
        _outputs = GC.AllocateArray<sbyte>(capacity, pinned: true);
        GiveOwnSequences(capacity);
    }

    /// <summary>Most tokens it can hold.</summary>
    public int Capacity => _tokens.Length;

    /// <summary>Tokens in it.</summary>
    public int Count { get; private set; }

    internal ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    internal ReadOnlySpan<int> Positions => _positions.AsSpan(0, Count);

    internal ReadOnlySpan<int> Sequences => _sequences.AsSpan(0, Count);

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        GiveOwnSequences(_shared);
        _shared = 0;
        Count = 0;
    }

    /// <summary>Appends one token and returns its index.</summary>
    /// <param name="token">Token id.</param>
    /// <param name="position">Position in its sequence, from 0.</param>
    /// <param name="sequence">Sequence id.</param>
    /// <param name="output">Whether its logits or embedding are wanted.</param>
    /// <exception cref="IndexOutOfRangeException">It is full.</exception>
    public int Add(int token, int position, int sequence, bool output)
    {
        int index = Count;
        _tokens[index] = token;
        _positions[index] = position;
        _sequences[index] = sequence;
        _outputs[index] = output ? (sbyte)1 : (sbyte)0;
        Count = index + 1;
        return index;
    }

    /// <summary>
    /// Appends one token of the first <paramref name="sequences"/> sequences at once and returns its index: what an encoder reads for all of them.
    /// </summary>
    /// <param name="token">Token id.</param>
    /// <param name="position">Position, from 0.</param>
    /// <param name="sequences">At least 1.</param>
    /// <exception cref="IndexOutOfRangeException">It is full.</exception>
    public int AddForFirst(int token, int position, int sequences)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sequences, 1);
        if (_firstSequences.Length < sequences)
        {
            _firstSequences = GC.AllocateUninitializedArray<int>(sequences, pinned: true);
            for (int i = 0; i < sequences; i++)
                _firstSequences[i] = i;
        }
        int index = Add(token, position, sequences - 1, output: true);
        _sequenceCounts[index] = sequences;
        _sequencePointers[index] = Address(_firstSequences);
        _shared = Count;
        return index;
    }

    /// <summary>Replaces what is in it.</summary>
    /// <param name="tokens">Token ids.</param>
    /// <param name="positions">Position of each in its sequence, from 0.</param>
    /// <param name="sequences">Sequence id of each.</param>
    /// <param name="outputs">Whether the logits or embedding of each are wanted.</param>
    /// <exception cref="ArgumentException">The spans differ in length, or are longer than the capacity.</exception>
    public void Set(ReadOnlySpan<int> tokens, ReadOnlySpan<int> positions, ReadOnlySpan<int> sequences, ReadOnlySpan<bool> outputs)
    {
        if (positions.Length != tokens.Length || sequences.Length != tokens.Length || outputs.Length != tokens.Length)
            throw new ArgumentException("There must be as many positions, sequences and outputs as tokens.");
        Clear();
        tokens.CopyTo(_tokens);
        positions.CopyTo(_positions);
        sequences.CopyTo(_sequences);
        MemoryMarshal.Cast<bool, sbyte>(outputs).CopyTo(_outputs);
        Count = tokens.Length;
    }

    private void GiveOwnSequences(int count)
    {
        _sequenceCounts.AsSpan(0, count).Fill(1);
        for (int i = 0; i < count; i++)
            _sequencePointers[i] = Address(_sequences) + (i * sizeof(int));
    }

    // Valid as long as the batch is referenced: pinned arrays do not move, but they can be collected.
    internal llama_batch ToNative() => new()
    {
        n_tokens = Count,
        token = Address(_tokens),
        pos = Address(_positions),
        n_seq_id = Address(_sequenceCounts),
        seq_id = Address(_sequencePointers),
        logits = Address(_outputs),
    };

    private static nint Address<T>(T[] pinned)
        where T : unmanaged
    {
        fixed (T* start = pinned)
            return (nint)start;
    }
}
