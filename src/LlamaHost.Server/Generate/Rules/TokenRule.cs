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
                    throw ApiException.BadRequest(ErrorCodes.OutOfRange, name, $"{name} holds {id}; the model's token ids are 0 to {vocabularySize - 1}.");
                }
            }
        }
    }
}
