using System.Numerics;
using System.Runtime.InteropServices;

namespace LlamaHost.Engine.Sampling.Processors;

/// <summary>Replaces what is not a number by 0 and infinities by the largest numbers. Source: <c>InfNanRemoveLogitsProcessor</c>.</summary>
internal sealed class InvalidValuesProcessor : ILogitsProcessor
{
    public void Apply(Span<float> scores, TokenHistory history)
    {
        Span<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(scores);
        var least = new Vector<float>(float.MinValue);
        var most = new Vector<float>(float.MaxValue);
        foreach (ref Vector<float> vector in vectors)
        {
            // Only what is not a number differs from itself.
            Vector<float> numbers = Vector.ConditionalSelect(Vector.Equals(vector, vector), vector, Vector<float>.Zero);
            vector = Vector.Min(Vector.Max(numbers, least), most);
        }
        foreach (ref float score in scores[(vectors.Length * Vector<float>.Count)..])
            score = float.IsNaN(score) ? 0 : Math.Clamp(score, float.MinValue, float.MaxValue);
    }
}
