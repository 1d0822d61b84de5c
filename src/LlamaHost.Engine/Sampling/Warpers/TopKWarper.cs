namespace LlamaHost.Engine.Sampling.Warpers;

/// <summary>Keeps the k highest scores and those tied with the k-th. Source: <c>TopKLogitsWarper</c>.</summary>
internal sealed class TopKWarper(int k, int minKeep) : IWarper
{
    public void Apply(CandidateSet candidates) => candidates.KeepTop(Math.Max(k, minKeep));
}
