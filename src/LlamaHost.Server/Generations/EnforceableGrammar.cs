using LlamaHost.Grammars;
using LlamaHost.Grammars.Matching;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.Generations;

/// <summary>Grammars that the engine will take.</summary>
internal static class EnforceableGrammar
{
    /// <summary>Makes and checks a grammar.</summary>
    /// <param name="field">The request's field that it comes from.</param>
    /// <param name="parse">Makes it.</param>
    /// <exception cref="ApiException"><c>invalid_grammar</c>: it can't be enforced; the message says where and why.</exception>
    public static Grammar Create(string field, Func<Grammar> parse)
    {
        try
        {
            Grammar grammar = parse();
            GrammarMatcher.Check(grammar);
            return grammar;
        }
        catch (GrammarException exception)
        {
            string place = exception.Place.Length == 0 ? "" : $", at {exception.Place}";
            throw ApiException.BadRequest(ErrorCodes.InvalidGrammar, field, $"{field} can't be enforced{place}: {exception.Message}");
        }
    }
}
