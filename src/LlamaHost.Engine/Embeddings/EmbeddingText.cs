using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Embeddings;

/// <summary>One text on its way: how far it is computed, and what its tokens' hidden states have come to.</summary>
internal sealed class EmbeddingText(EmbeddingJob job, int index, EmbeddingPooling pooling, int length)
{
    private readonly double[] _sum = new double[length];

    public IReadOnlyList<int> Tokens { get; } = job.Texts[index];

    /// <summary>Its slot while it is computed.</summary>
    public int Slot { get; set; }

    /// <summary>Tokens that are computed.</summary>
    public int Computed { get; private set; }

    public int Remaining => Tokens.Count - Computed;

    public bool IsWanted => !job.HasEnded;

    /// <summary>Whether the hidden state at a position counts.</summary>
    public bool Needs(int position) => pooling switch
    {
        EmbeddingPooling.Cls => position == 0,
        EmbeddingPooling.Last => position == Tokens.Count - 1,
        _ => true,
    };

    /// <summary>Adds a hidden state that counts.</summary>
    public void Add(ReadOnlySpan<float> hiddenState)
    {
        for (int i = 0; i < _sum.Length; i++)
            _sum[i] += hiddenState[i];
    }

    /// <summary>So many further tokens are computed, and their hidden states added.</summary>
    public void Advance(int tokens) => Computed += tokens;

    /// <summary>Begins again.</summary>
    public void Restart()
    {
        Computed = 0;
        Array.Clear(_sum);
    }

    /// <summary>Hands over the vector. Its length is 1, so whether the states were summed or averaged makes no difference.</summary>
    public void Complete()
    {
        double norm = Math.Sqrt(_sum.Sum(value => value * value));
        // As in llama.cpp (common_embd_normalize): nothing but zeros stays so.
        double scale = norm > 0 ? 1 / norm : 0;
        job.Complete(index, [.. _sum.Select(value => (float)(value * scale))]);
    }
}
