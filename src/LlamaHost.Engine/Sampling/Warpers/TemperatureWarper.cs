namespace LlamaHost.Engine.Sampling.Warpers;

/// <summary>Divides the scores. Source: <c>TemperatureLogitsWarper</c>.</summary>
internal sealed class TemperatureWarper(float temperature) : IWarper
{
    public void Apply(CandidateSet candidates) => candidates.Divide(temperature);
}
