using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Sampling;

namespace LlamaHost.Engine;

/// <summary>
/// Chooses tokens from made-up logits. Vector code can't be compiled ahead of time, and the first request would wait for its compilation; a process
/// that has nothing else to do yet does better to wait for it now.
/// </summary>
public static class SamplingRehearsal
{
    // More than a block of the search for the largest logit, and not a multiple of a vector's length.
    private const int Vocabulary = 5_003;

    /// <summary>Chooses greedily, and by the settings that are most common. Takes some tens of milliseconds the first time.</summary>
    public static void Run()
    {
        float[] logits = [.. Enumerable.Range(0, Vocabulary).Select(token => token * 7 % 100 * 0.1f)];
        int[] tokens = [1, 2];
        var sampler = new TokenSampler(Vocabulary);
        foreach (SamplingSettings settings in (SamplingSettings[])
            [new() { DoSample = false }, new() { DoSample = true, Temperature = 0.8f, TopK = 40, TopP = 0.95f }])
        {
            var pipeline = new SamplingPipeline(new PipelineContext(settings, 0, 1, [], [], IsBeamSearch: false, Vocabulary));
            sampler.Choose(logits, pipeline, new TokenHistory(tokens, promptLength: 1, tokens), new RandomStream(0, 0));
        }
    }
}
