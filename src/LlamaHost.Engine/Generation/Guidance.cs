using System.Numerics.Tensors;
using LlamaHost.Engine.Scheduling;

namespace LlamaHost.Engine.Generation;

/// <summary>
/// Classifier-free guidance of one sequence: a second one that follows the negative prompt and takes the same tokens, and the scores that come of both.
/// They are computed in the same batches as everything else, together or one after the other.
/// Source: Hugging Face's <c>UnbatchedClassifierFreeGuidanceLogitsProcessor</c>; Sanchez et al., "Stay on topic with Classifier-Free Guidance" (2023).
/// </summary>
/// <param name="guided">The sequence.</param>
/// <param name="group">Common to all guidance of a request: its prompt is computed once.</param>
/// <param name="prompt">The negative prompt, or the prompt's last token.</param>
/// <param name="scale">1 would leave the scores as they are; above, they move away from those of the negative prompt.</param>
internal sealed class Guidance(EngineSequence guided, object group, int[] prompt, float scale)
    : SchedulableSequence(group, guided.Order, prompt, prompt.Length + guided.Request.Request.Stop.MaxNewTokens), IRequestSequence
{
    private float[]? _conditional;
    private float[]? _unconditional;

    public EngineSequence Guided { get; } = guided;

    public EngineRequest Request => Guided.Request;

    /// <summary>Keeps the logits of one of the two, which then awaits the other.</summary>
    /// <returns>Whether both are there.</returns>
    public bool Offer(SchedulableSequence sequence, ReadOnlySpan<float> logits)
    {
        sequence.AwaitsOthers = true;
        if (sequence == this)
            _unconditional = logits.ToArray();
        else
            _conditional = logits.ToArray();
        return _conditional is not null && _unconditional is not null;
    }

    /// <summary>
    /// The guided scores, as log-probabilities that need not be normalised, and the raw logits of the guided sequence. Forgets what was offered.
    /// </summary>
    public (float[] Scores, float[] Raw) Combine(RowSampler sampler)
    {
        float[] towards = _conditional!;
        float[] away = _unconditional!;
        (_conditional, _unconditional) = (null, null);
        float[] scores = new float[towards.Length];
        TensorPrimitives.Subtract(away, sampler.Normalizer(away), away);
        TensorPrimitives.Subtract(towards, sampler.Normalizer(towards), scores);
        TensorPrimitives.Subtract(scores, away, scores);
        // scale · (conditional − unconditional) + unconditional
        TensorPrimitives.MultiplyAdd(scores, scale, away, scores);
        return (scores, towards);
    }
}
