using System.Text.Json;
using LlamaHost.Grammars.RegularExpressions;
using LlamaHost.Grammars.Schemas;

namespace LlamaHost.Grammars;

public sealed partial class GrammarBuilder
{
    private JsonRules? _json;

    private JsonRules JsonRules => _json ??= new JsonRules(this);

    /// <summary>The JSON values that a JSON schema lets through.</summary>
    /// <param name="schema">The schema: an object, true or false.</param>
    /// <exception cref="GrammarException">It can't be enforced; the place is a JSON pointer to the keyword.</exception>
    public GrammarNode JsonSchema(JsonElement schema)
    {
        if (schema.GetRawText().Length > GrammarLimits.MaxText)
            throw new GrammarException($"The schema is longer than {GrammarLimits.MaxText} characters.");
        try
        {
            return Define("json", new SchemaCompiler(JsonRules, schema).Compile());
        }
        catch (InvalidOperationException)
        {
            // What the reader throws for a string that is none.
            throw new GrammarException("The schema has half a surrogate pair.");
        }
    }

    /// <summary>Any JSON object, nested up to <see cref="GrammarLimits.MaxJsonDepth"/>.</summary>
    public GrammarNode JsonObject() => JsonRules.Free(JsonTypes.Object, GrammarLimits.MaxJsonDepth);

    /// <summary>The texts that a regular expression matches as a whole.</summary>
    /// <exception cref="GrammarException">It is not well-formed, too large or uses what is not supported.</exception>
    public GrammarNode Regex(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return Define("regex", RegexGrammar.Whole(pattern));
    }
}
