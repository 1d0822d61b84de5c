using System.Numerics.Tensors;

namespace LlamaHost.Engine.Sampling;

/// <summary>Log-probabilities of the raw distribution: log-softmax of the logits as the model gave them.</summary>
internal sealed class LogProbabilities(int vocabulary)
{
    private readonly float[] _scratch = new float[vocabulary];

    /// <summary>The number to subtract from a logit: the logarithm of the sum of all exponentials.</summary>
    public float Normalizer(ReadOnlySpan<float> logits)
    {
        float max = TensorPrimitives.Max(logits);
        return (float)(max + Math.Log(Softmax.Exponentiate(logits, max, _scratch)));
    }

    /// <summary>Ids of the most likely tokens, best first.</summary>
    public int[] Top(ReadOnlySpan<float> logits, int count)
    {
        int[] ids = new int[Math.Min(count, logits.Length)];
        TopSelection.Largest(logits, ids, _scratch);
        return ids;
    }
}
