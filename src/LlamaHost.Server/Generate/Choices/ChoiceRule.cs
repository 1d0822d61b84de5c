using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate.Parameters;

namespace LlamaHost.Server.Generate.Choices;

/// <summary>What goes together with <c>choices</c>: the texts are given, so nothing that shapes texts has a meaning.</summary>
internal static class ChoiceRule
{
    /// <exception cref="ApiException">Two choices are the same, or a parameter is given that can't work with them.</exception>
    public static void Check(GenerateRequest request)
    {
        if (request.Choices is not { } choices)
            return;
        string? twice = choices.GroupBy(one => one, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
            throw ApiException.BadRequest(
                ErrorCodes.OutOfRange, "choices", $"choices must be different texts; {Binding.Spelling.Quote(twice)} is there twice.");
        foreach (GenerateParameter parameter in GenerateParameters.All)
        {
            string name = parameter.Field.Name;
            if (parameter.WorksWithChoices || !request.Given.Contains(name))
                continue;
            throw ApiException.BadRequest(
                ErrorCodes.ConflictingFields, name,
                $"{name} can't be used with choices: their texts are given, and only their probabilities are computed.");
        }
    }
}
