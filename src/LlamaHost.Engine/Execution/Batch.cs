namespace LlamaHost.Engine.Execution;

/// <summary>The tokens of one step: a reusable structure of arrays.</summary>
public sealed class Batch(int capacity)
{
    private readonly int[] _tokens = new int[capacity];
    private readonly int[] _positions = new int[capacity];
    private readonly int[] _slots = new int[capacity];
    private readonly bool[] _outputs = new bool[capacity];

    /// <summary>Most tokens it can hold.</summary>
    public int Capacity => _tokens.Length;

    /// <summary>Tokens in it.</summary>
    public int Count { get; private set; }

    /// <summary>Token ids.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>Position of each token in its sequence, from 0.</summary>
    public ReadOnlySpan<int> Positions => _positions.AsSpan(0, Count);

    /// <summary>Slot of each token.</summary>
    public ReadOnlySpan<int> Slots => _slots.AsSpan(0, Count);

    /// <summary>Whether the logits after each token are wanted.</summary>
    public ReadOnlySpan<bool> Outputs => _outputs.AsSpan(0, Count);

    /// <summary>Empties it.</summary>
    public void Clear() => Count = 0;

    /// <summary>Appends one token and returns its index.</summary>
    public int Add(int token, int position, int slot, bool output)
    {
        int index = Count++;
        _tokens[index] = token;
        _positions[index] = position;
        _slots[index] = slot;
        _outputs[index] = output;
        return index;
    }
}
