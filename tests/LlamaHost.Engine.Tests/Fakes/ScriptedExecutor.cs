using System.Text;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Tests.Fakes;

/// <summary>
/// An executor without a model. Its logits are a fixed function of the tokens before them, its KV cache is exact to the cell (shared cells
/// counted once), and it checks what the real one would only get wrong in silence: positions, forks, outputs. Failures can be injected.
/// </summary>
internal sealed class ScriptedExecutor : IModelExecutor
{
    private readonly List<Cell>[] _slots;
    private readonly Dictionary<int, int[]> _outputs = [];
    private readonly float[] _logits;
    private volatile bool _abort;
    private int[] _encoded = [];

    public ScriptedExecutor(
        int kvCells = 256, int maxSequences = 8, int batchTokens = 32, int vocabulary = 61, int contextLength = 128, int encoderLength = 0,
        EmbeddingDescription? embedding = null)
    {
        BatchTokens = batchTokens;
        _slots = [.. Enumerable.Range(0, maxSequences).Select(_ => new List<Cell>())];
        _logits = new float[vocabulary];
        Tokenizer = new LetterTokenizer(vocabulary);
        Model = new ModelDescription
        {
            Architecture = "scripted",
            Description = "a fixed function",
            VocabularySize = vocabulary,
            ContextLength = contextLength,
            TrainedContextLength = contextLength,
            KvCells = kvCells,
            MaxSequences = maxSequences,
            EosTokenIds = [LetterTokenizer.Eos],
            ParameterCount = 0,
            SizeBytes = 0,
            NativeVersion = "none",
            Backend = "none",
            EncoderLength = encoderLength,
            DecoderStartTokenId = encoderLength > 0 ? 1 : null,
            Embedding = embedding,
        };
    }

    public ModelDescription Model { get; }

    public ITokenizer Tokenizer { get; }

    public int BatchTokens { get; }

    /// <summary>Called before each decode; what it returns happens instead, <see langword="null"/> lets it succeed.</summary>
    public Func<Batch, DecodeStatus?> Inject { get; set; } = _ => null;

    /// <summary>Changes each row of logits.</summary>
    public Action<float[]> Spoil { get; set; } = _ => { };

    /// <summary>
    /// Lets its text repeat itself as texts do: the last token decides about the next one, and all before it only by so much. <see langword="null"/>:
    /// all tokens decide alike, and nothing ever repeats.
    /// </summary>
    public float? Whim { get; init; }

    /// <summary>Says which token is the most likely one at each position, if it is not left to the script.</summary>
    public Func<int, int>? Dictate { get; set; }

    /// <summary>Tokens computed so far.</summary>
    public long ComputedTokens { get; private set; }

    public int Decodes { get; private set; }

    public bool IsDisposed { get; private set; }

    public int UsedCells => _slots.SelectMany(slot => slot).Distinct().Count();

    /// <summary>The greedy continuation of a prompt: what every sequence must come to, whatever runs beside it.</summary>
    public static List<int> Continue(IEnumerable<int> prompt, int maxNewTokens, int vocabulary = 61)
    {
        List<int> tokens = [.. prompt];
        int start = tokens.Count;
        var logits = new float[vocabulary];
        while (tokens.Count - start < maxNewTokens)
        {
            Fill(logits, tokens);
            int best = Array.IndexOf(logits, logits.Max());
            tokens.Add(best);
            if (best == LetterTokenizer.Eos)
                break;
        }
        return tokens[start..];
    }

    public DecodeStatus Decode(Batch batch)
    {
        Decodes++;
        Assert.InRange(batch.Count, 1, BatchTokens);
        DecodeStatus status = _abort ? DecodeStatus.Aborted : Inject(batch) ?? DecodeStatus.Success;
        _abort = false;
        if (status == DecodeStatus.NoKvSlot)
            return status;
        if (UsedCells + batch.Count > Model.KvCells)
            return DecodeStatus.NoKvSlot;
        _outputs.Clear();
        int count = status == DecodeStatus.Aborted ? batch.Count / 2 : batch.Count;
        for (int i = 0; i < count; i++)
        {
            List<Cell> slot = _slots[batch.Slots[i]];
            Assert.Equal(slot.Count, batch.Positions[i]);
            slot.Add(new Cell(batch.Tokens[i]));
            if (batch.Outputs[i])
                _outputs[i] = [.. _encoded, .. slot.Select(cell => cell.Token)];
        }
        ComputedTokens += count;
        return status;
    }

    public void Encode(ReadOnlySpan<int> tokens) => _encoded = tokens.ToArray();

    /// <summary>The model fails: a logit is not a number.</summary>
    public bool GivesNoNumbers { get; set; }

    public Span<float> Logits(int batchIndex)
    {
        Fill(_logits, _outputs[batchIndex], Whim);
        if (Dictate is { } dictate)
            _logits[dictate(_outputs[batchIndex].Length)] = 100;
        if (GivesNoNumbers)
            _logits[7] = float.NaN;
        Spoil(_logits);
        return _logits;
    }

    public void Truncate(int slot, int fromPosition)
    {
        if (fromPosition < _slots[slot].Count)
            _slots[slot].RemoveRange(fromPosition, _slots[slot].Count - fromPosition);
    }

    public void Fork(int source, int target, int length)
    {
        Assert.Empty(_slots[target]);
        Assert.InRange(length, 1, _slots[source].Count);
        _slots[target].AddRange(_slots[source].Take(length));
    }

    /// <summary>Tokens of all copies that are not yet disposed.</summary>
    public int SavedTokens { get; private set; }

    /// <summary>Tokens copied back so far.</summary>
    public long RestoredTokens { get; private set; }

    public int SavableTokens { get; init; }

    public bool IdleCellsCost { get; init; }

    public ISavedCells Save(int slot, int from, int to)
    {
        int[] tokens = [.. _slots[slot][from..to].Select(cell => cell.Token)];
        SavedTokens += tokens.Length;
        Assert.True(SavedTokens <= SavableTokens, "More is saved than there is memory for.");
        return new SavedCells(from, tokens, () => SavedTokens -= tokens.Length);
    }

    public void Restore(ISavedCells cells, int slot, int from, int to)
    {
        var saved = (SavedCells)cells;
        Assert.False(saved.IsDisposed);
        Assert.Equal(_slots[slot].Count, from);
        Assert.InRange(from, saved.Start, to - 1);
        Assert.InRange(to, from + 1, saved.Start + saved.Tokens.Length);
        Assert.True(UsedCells + saved.Tokens.Length <= Model.KvCells, "No room for copying back.");
        _slots[slot].AddRange(saved.Tokens[(from - saved.Start)..(to - saved.Start)].Select(token => new Cell(token)));
        RestoredTokens += to - from;
    }

    /// <summary>What its embeddings come from.</summary>
    public ScriptedEmbeddings? Embeddings { get; init; }

    public IEmbeddingExecutor OpenEmbeddings() => Embeddings ?? throw new ModelLoadException("out_of_memory", "There is no memory for embeddings.");

    public void RequestAbort() => _abort = true;

    public void Dispose() => IsDisposed = true;

    // A hash of all tokens so far (FNV-1a) seeds a small generator: any token computed at the wrong place changes everything after it.
    public static void Fill(float[] logits, IReadOnlyList<int> tokens)
    {
        ulong state = 14695981039346656037;
        foreach (int token in tokens)
            state = (state ^ (uint)token) * 1099511628211;
        for (int i = 0; i < logits.Length; i++)
        {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            logits[i] = (state >> 40) / (float)(1 << 24) * 8;
        }
    }

    public static void Fill(float[] logits, IReadOnlyList<int> tokens, float? whim)
    {
        Fill(logits, tokens);
        if (whim is not { } share)
            return;
        float[] all = [.. logits];
        Fill(logits, [tokens[^1]]);
        for (int i = 0; i < logits.Length; i++)
            logits[i] += share * all[i];
    }

    private sealed class SavedCells(int start, int[] tokens, Action disposed) : ISavedCells
    {
        public int Start => start;

        public int[] Tokens => tokens;

        public bool IsDisposed { get; private set; }

        public void Dispose()
        {
            Assert.False(IsDisposed);
            IsDisposed = true;
            disposed();
        }
    }

    private sealed record Cell(int Token)
    {
        public bool Equals(Cell? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }
}

/// <summary>Token i is one letter; 0 ends the text.</summary>
internal sealed class LetterTokenizer(int vocabulary) : ITokenizer
{
    public const int Eos = 0;
    private const string Letters = "_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    private readonly byte[][] _pieces = [.. Letters.Select(letter => Encoding.UTF8.GetBytes(letter.ToString()))];

    public int VocabularySize => vocabulary;

    public bool StripsLeadingSpace => false;

    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial) =>
        [.. text.Select(letter => Letters.IndexOf(letter, StringComparison.Ordinal))];

    public ReadOnlySpan<byte> Piece(int token) => _pieces[token];

    public bool IsSpecial(int token) => token == Eos;

    public bool IsByte(int token) => false;
}
