using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Scoring;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.Score;

/// <summary>
/// How continuations of one prompt are scored. The border between the two is one of texts, while models know tokens: prompt and continuation are
/// tokenised together, and what is scored begins at the first token that differs from the prompt's alone in any of them. So a prompt's last space
/// that belongs to the next word's token counts as the word's, and all continuations are compared over the same stretch of text.
/// </summary>
/// <param name="Request">What the model is asked.</param>
internal sealed record ContinuationPlan(ScoringRequest Request)
{
    /// <summary>Checks that the continuations can be scored.</summary>
    /// <param name="prompt">Tokens of the prompt.</param>
    /// <param name="wholes">Tokens of the prompt with each continuation.</param>
    /// <param name="top">How many of the most likely tokens are wanted.</param>
    /// <param name="model">The model.</param>
    /// <param name="field">The field of the request that the continuations come from, for errors.</param>
    /// <exception cref="ApiException">There is no token to start from, a continuation adds none, or they don't fit.</exception>
    public static ContinuationPlan Create(
        IReadOnlyList<int> prompt, IReadOnlyList<IReadOnlyList<int>> wholes, int top, ModelDescription model, string field = "continuations")
    {
        if (prompt.Count == 0)
            throw ApiException.BadRequest(ErrorCodes.EmptyPrompt, "prompt", "prompt has no tokens, and this model has no begin token to start from.");
        int shared = wholes.Min(whole => prompt.Zip(whole).TakeWhile(pair => pair.First == pair.Second).Count());
        if (shared == 0)
        {
            throw ApiException.BadRequest(
                ErrorCodes.EmptyPrompt, "prompt",
                "No token of prompt stays as it is when a continuation follows, so there is none to start from: give a longer prompt.");
        }
        return Create(prompt.Take(shared), [], [.. wholes.Select(whole => whole.Skip(shared).ToArray())], top, model, field);
    }

    /// <summary>The same for an encoder-decoder model: the encoder reads the prompt, and continuations are what the decoder says.</summary>
    /// <param name="prompt">Tokens of the prompt.</param>
    /// <param name="continuations">Tokens of each continuation.</param>
    /// <param name="top">How many of the most likely tokens are wanted.</param>
    /// <param name="model">The model.</param>
    /// <param name="field">The field of the request that the continuations come from, for errors.</param>
    /// <exception cref="ApiException">A continuation has no tokens, or they don't fit.</exception>
    public static ContinuationPlan CreateForDecoder(
        IReadOnlyList<int> prompt, IReadOnlyList<IReadOnlyList<int>> continuations, int top, ModelDescription model, string field = "continuations")
    {
        if (model.DecoderStartTokenId is not { } start)
            throw ApiException.BadRequest(ErrorCodes.UnsupportedByModel, "model", "The model names no token that its decoder starts from.");
        if (prompt.Count > model.EncoderLength)
        {
            throw ApiException.BadRequest(
                ErrorCodes.ContextLengthExceeded, "prompt",
                $"prompt has {prompt.Count} tokens; the model's encoder reads at most {model.EncoderLength}.");
        }
        return Create([start], prompt, continuations, top, model, field);
    }

    /// <summary>Scores of the continuations.</summary>
    public IReadOnlyList<ContinuationScore> Score(IReadOnlyList<ScoredContinuation> scored)
    {
        double[] sums = [.. scored.Select(one => one.LogProb)];
        double[] means = [.. scored.Select((one, index) => sums[index] / one.Tokens.Count)];
        double[] probabilities = Softmax(sums), meanProbabilities = Softmax(means);
        return
        [
            .. scored.Select((one, index) => new ContinuationScore
            {
                TokenIds = Request.Continuations[index],
                Tokens = [.. one.Tokens.Select(token => token.Text)],
                TokenLogprobs = [.. one.Tokens.Select(token => token.LogProb!.Value)],
                Logprob = sums[index],
                MeanLogprob = means[index],
                Probability = probabilities[index],
                MeanProbability = meanProbabilities[index],
                Perplexity = Perplexity.Of(-means[index]),
                Top = Request.TopLogProbs == 0 ? null : [.. one.Tokens.Select(token => NextToken.Of(token.Alternatives!)), NextToken.Of(one.Next)],
            }),
        ];
    }

    /// <summary>The probabilities that logarithms of weights stand for.</summary>
    public static double[] Softmax(IReadOnlyList<double> logarithms)
    {
        double max = logarithms.Max();
        double[] weights = [.. logarithms.Select(one => Math.Exp(one - max))];
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }

    private static ContinuationPlan Create(
        IEnumerable<int> prompt, IReadOnlyList<int> encoder, IReadOnlyList<IReadOnlyList<int>> continuations, int top, ModelDescription model,
        string field)
    {
        var request = new ScoringRequest { PromptTokens = [.. prompt], EncoderTokens = encoder, Continuations = continuations, TopLogProbs = top };
        for (int i = 0; i < continuations.Count; i++)
        {
            if (continuations[i].Count == 0)
                throw ApiException.BadRequest(ErrorCodes.EmptyContinuation, field, $"{field}[{i}] adds no token to the prompt.");
            int total = request.PromptTokens.Count + continuations[i].Count;
            if (total > model.ContextLength)
            {
                throw ApiException.BadRequest(
                    ErrorCodes.ContextLengthExceeded, field,
                    $"prompt and {field}[{i}] have {total} tokens; the model's context is {model.ContextLength} tokens.");
            }
        }
        return new ContinuationPlan(request);
    }
}
