namespace LlamaHost.Engine.Sampling.Processors;

/// <summary>
/// Takes from the score of each token of the continuation: once because it occurred (presence), and for each time that it did (frequency).
/// The prompt does not count, as in vLLM; llama.cpp's <c>penalties</c> sampler has the same formula over a window that includes it.
/// </summary>
internal sealed class OccurrencePenaltyProcessor(float frequency, float presence, int vocabulary) : ILogitsProcessor
{
    private readonly bool[] _occurred = new bool[vocabulary];

    public void Apply(Span<float> scores, TokenHistory history)
    {
        foreach (int token in history.NewTokens)
        {
            scores[token] -= _occurred[token] ? frequency : frequency + presence;
            _occurred[token] = true;
        }
        foreach (int token in history.NewTokens)
            _occurred[token] = false;
    }
}
