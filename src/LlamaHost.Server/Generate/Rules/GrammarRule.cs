using LlamaHost.Grammars;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generations;

namespace LlamaHost.Server.Generate.Rules;

/// <summary>What the text must match: a schema, an expression or a grammar, all of which come to a grammar.</summary>
internal static class GrammarRule
{
    /// <summary>The grammar in GBNF, or <see langword="null"/>: any text.</summary>
    /// <exception cref="ApiException">Two of them are given, or one can't be enforced.</exception>
    public static string? Resolve(GenerateRequest request)
    {
        string[] given = [.. ((string[])["json_schema", "regex", "grammar"]).Where(request.Given.Contains)];
        if (given.Length == 0)
            return null;
        if (given.Length > 1)
            throw ApiException.BadRequest(
                ErrorCodes.ConflictingFields, given[1], $"{given[1]} can't be used with {given[0]}: the text can be held to one of them.");
        Grammar grammar = EnforceableGrammar.Create(
            given[0], () => request.JsonSchema is { } schema ? Grammar.FromJsonSchema(schema)
                : request.Regex is { } regex ? Grammar.FromRegex(regex)
                : Grammar.FromGbnf(request.Grammar!));
        return request.Grammar ?? grammar.ToGbnf();
    }
}
