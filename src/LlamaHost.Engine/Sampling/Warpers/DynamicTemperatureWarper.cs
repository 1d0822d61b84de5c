namespace LlamaHost.Engine.Sampling.Warpers;

/// <summary>
/// Divides the scores by a temperature that rises with their entropy, from <c>temperature − range</c> to <c>temperature + range</c>.
/// Source: llama.cpp's <c>temp-ext</c> sampler.
/// </summary>
internal sealed class DynamicTemperatureWarper(float temperature, float range, float exponent) : IWarper
{
    // Below it, dividing by it leaves the range of a float.
    private const float Least = 1e-6f;

    public void Apply(CandidateSet candidates)
    {
        if (candidates.Count <= 1)
            return;
        float lowest = Math.Max(0, temperature - range);
        float normalized = candidates.Entropy() / MathF.Log(candidates.Count);
        float dynamic = lowest + ((temperature + range - lowest) * MathF.Pow(normalized, exponent));
        candidates.Divide(Math.Max(dynamic, Least));
    }
}
