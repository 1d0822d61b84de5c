using LlamaHost.Engine.Requests;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate.Parameters;

namespace LlamaHost.Server.Generate.Rules;

/// <summary>Token ids must be the model's: llama.cpp ends the process over any other.</summary>
internal static class TokenRule
{
    /// <summary>Checks the ids in all fields.</summary>
    /// <exception cref="ApiException"><c>out_of_range</c>, with the field.</exception>
    public static void Check(GenerateRequest request, int vocabularySize)
    {
        foreach (GenerateParameter parameter in GenerateParameters.All)
        {
            foreach (int id in parameter.TokenIds?.Invoke(request) ?? [])
            {
                if (id < 0 || id >= vocabularySize)
                {
                    string name = parameter.Field.Name;
                    throw ApiException.BadRequest(
                        ErrorCodes.OutOfRange, name, $"{name} holds {id}; the model's token ids are 0 to {vocabularySize - 1}.");
                }
            }
        }
        CheckThatSomeAreLeft(request.Sampling, vocabularySize);
    }

    // Rules that depend on what was generated may leave none as well; that fails the sequence when it comes to it.
    private static void CheckThatSomeAreLeft(SamplingSettings sampling, int vocabularySize)
    {
        HashSet<int> forbidden =
        [
            .. sampling.SuppressTokens,
            .. sampling.BeginSuppressTokens,
            .. sampling.BadWords.Where(word => word.Count == 1).Select(word => word[0]),
            .. sampling.LogitBias.Where(bias => float.IsNegativeInfinity(bias.Bias)).Select(bias => bias.Token),
        ];
        if (forbidden.Count >= vocabularySize)
        {
            string field = sampling.SuppressTokens.Count > 0 ? "suppress_tokens" : sampling.BeginSuppressTokens.Count > 0 ? "begin_suppress_tokens"
                : sampling.LogitBias.Count > 0 ? "logit_bias" : "bad_words_ids";
            throw ApiException.BadRequest(
                ErrorCodes.ConflictingFields, field, $"All {vocabularySize} tokens of the model are forbidden: none is left to choose.");
        }
    }
}
