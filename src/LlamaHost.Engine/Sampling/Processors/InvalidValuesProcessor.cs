namespace LlamaHost.Engine.Sampling.Processors;

/// <summary>Replaces what is not a number by 0 and infinities by the largest numbers. Source: <c>InfNanRemoveLogitsProcessor</c>.</summary>
internal sealed class InvalidValuesProcessor : ILogitsProcessor
{
    public void Apply(Span<float> scores, TokenHistory history)
    {
        for (int i = 0; i < scores.Length; i++)
            scores[i] = float.IsNaN(scores[i]) ? 0 : Math.Clamp(scores[i], float.MinValue, float.MaxValue);
    }
}
