using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Sampling.Processors;

/// <summary>Adds to single tokens' scores. Source: llama.cpp's <c>logit-bias</c> sampler.</summary>
internal sealed class LogitBiasProcessor(TokenBias[] biases) : ILogitsProcessor
{
    public void Apply(Span<float> scores, TokenHistory history)
    {
        foreach (TokenBias one in biases)
            scores[one.Token] += one.Bias;
    }
}
