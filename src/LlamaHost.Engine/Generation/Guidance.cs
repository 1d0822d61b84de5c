using System.Numerics.Tensors;
using LlamaHost.Engine.Scheduling;

namespace LlamaHost.Engine.Generation;

/// <summary>
/// Classifier-free guidance of one sequence: a second one that follows the negative prompt and takes the same tokens, and the scores that come of
/// both. They are computed in the same batches as everything else, together or one after the other.
/// Source: Hugging Face's <c>UnbatchedClassifierFreeGuidanceLogitsProcessor</c>; Sanchez et al., "Stay on topic with Classifier-Free Guidance"
/// (2023).
/// </summary>
/// <param name="guided">The sequence.</param>
/// <param name="group">Common to all guidance of a request: its prompt is computed once.</param>
/// <param name="prompt">The negative prompt, or the prompt's last token.</param>
/// <param name="scale">1 would leave the scores as they are; above, they move away from those of the negative prompt.</param>
internal sealed class Guidance(EngineSequence guided, object group, int[] prompt, float scale)
    : SchedulableSequence(group, guided.Order, prompt, prompt.Length + guided.Request.Request.Stop.MaxNewTokens), IRequestSequence
{
    // Kept for the next token: rows of a large vocabulary are large objects.
    private float[] _conditional = [];
    private float[] _unconditional = [];
    private float[] _scores = [];
    private bool _hasConditional;
    private bool _hasUnconditional;

    public EngineSequence Guided { get; } = guided;

    public EngineRequest Request => Guided.Request;

    /// <summary>Keeps the logits of one of the two, which then awaits the other.</summary>
    /// <returns>Whether both are there.</returns>
    public bool Offer(SchedulableSequence sequence, ReadOnlySpan<float> logits)
    {
        sequence.AwaitsOthers = true;
        ref float[] row = ref sequence == this ? ref _unconditional : ref _conditional;
        if (row.Length == 0)
            row = new float[logits.Length];
        logits.CopyTo(row);
        _hasUnconditional |= sequence == this;
        _hasConditional |= sequence != this;
        return _hasConditional && _hasUnconditional;
    }

    /// <summary>
    /// The guided scores, as log-probabilities that need not be normalised, and the raw logits of the guided sequence. Forgets what was offered.
    /// </summary>
    /// <remarks>Both are overwritten by what is offered next.</remarks>
    public (float[] Scores, float[] Raw) Combine(RowSampler sampler)
    {
        (_hasConditional, _hasUnconditional) = (false, false);
        if (_scores.Length == 0)
            _scores = new float[_conditional.Length];
        TensorPrimitives.Subtract(_unconditional, sampler.Normalizer(_unconditional), _unconditional);
        TensorPrimitives.Subtract(_conditional, sampler.Normalizer(_conditional), _scores);
        TensorPrimitives.Subtract(_scores, _unconditional, _scores);
        // scale · (conditional − unconditional) + unconditional
        TensorPrimitives.MultiplyAdd(_scores, scale, _unconditional, _scores);
        return (_scores, _conditional);
    }
}
