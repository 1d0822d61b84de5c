namespace LlamaHost.Bench.Serving;

/// <summary>How tokens are chosen.</summary>
internal enum SamplingMode
{
    /// <summary>The most likely one.</summary>
    Greedy,

    /// <summary>Drawn at temperature 1 from top_p 0.95 of the whole vocabulary (top_k off).</summary>
    Nucleus,

    /// <summary>Drawn at temperature 0.8 from top_p 0.95 of the 40 likeliest, much as llama-server does by itself: cheap for every server.</summary>
    TopK,
}
