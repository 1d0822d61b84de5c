using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Tests.Fakes;

/// <summary>
/// Hidden states without a model: a fixed function of the text up to the token, or of the whole text where it is read both ways. Counts cells
/// exactly, and checks positions.
/// </summary>
internal sealed class ScriptedEmbeddings(int length, int slots, int batchTokens, int cells, bool needsWholeTexts = false) : IEmbeddingExecutor
{
    private readonly List<int>[] _slots = [.. Enumerable.Range(0, slots).Select(_ => new List<int>())];
    private readonly List<float[]> _states = [];

    public int Slots => slots;

    public int BatchTokens => batchTokens;

    public int Cells => cells;

    public bool NeedsWholeTexts => needsWholeTexts;

    /// <summary>Says of each batch whether it is computed; else it is stopped half way.</summary>
    public Func<Batch, bool> Inject { get; set; } = _ => true;

    public int UsedCells => _slots.Sum(slot => slot.Count);

    /// <summary>Tokens of each batch so far.</summary>
    public List<int> Batches { get; } = [];

    public bool Compute(Batch batch)
    {
        Assert.InRange(batch.Count, 1, batchTokens);
        Batches.Add(batch.Count);
        bool isStopped = !Inject(batch);
        int count = isStopped ? batch.Count / 2 : batch.Count;
        for (int i = 0; i < count; i++)
        {
            List<int> slot = _slots[batch.Slots[i]];
            Assert.Equal(slot.Count, batch.Positions[i]);
            slot.Add(batch.Tokens[i]);
        }
        Assert.InRange(UsedCells, 0, cells);
        _states.Clear();
        for (int i = 0; i < count; i++)
        {
            List<int> slot = _slots[batch.Slots[i]];
            _states.Add(State(needsWholeTexts ? slot : slot[..(batch.Positions[i] + 1)], batch.Positions[i], length));
        }
        return !isStopped;
    }

    public ReadOnlySpan<float> HiddenState(int batchIndex) => _states[batchIndex];

    public void Free(int slot) => _slots[slot].Clear();

    /// <summary>What a text must come to, whatever is computed beside it.</summary>
    public double[] Expected(int[] text, EmbeddingPooling pooling)
    {
        IEnumerable<int> positions = pooling switch
        {
            EmbeddingPooling.Cls => [0],
            EmbeddingPooling.Last => [text.Length - 1],
            _ => Enumerable.Range(0, text.Length),
        };
        var sum = new double[length];
        foreach (int position in positions)
        {
            float[] state = State(needsWholeTexts ? text : text[..(position + 1)], position, length);
            for (int i = 0; i < length; i++)
                sum[i] += state[i];
        }
        double norm = Math.Sqrt(sum.Sum(value => value * value));
        return [.. sum.Select(value => value / norm)];
    }

    private static float[] State(IReadOnlyList<int> seen, int position, int length)
    {
        var state = new float[length];
        ScriptedExecutor.Fill(state, [.. seen, position]);
        return [.. state.Select(value => value - 4)];
    }
}
