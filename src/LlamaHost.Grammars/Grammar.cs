using System.Text.Json;
using LlamaHost.Grammars.Gbnf;
using LlamaHost.Grammars.RegularExpressions;

namespace LlamaHost.Grammars;

/// <summary>Rules that say which texts are let through: a context-free grammar without left recursion. Immutable.</summary>
public sealed class Grammar
{
    /// <summary>Name of the rule that the whole text matches.</summary>
    public const string Root = "root";

    internal Grammar(IReadOnlyDictionary<string, GrammarNode> rules)
    {
        if (rules.Count > GrammarLimits.MaxRules)
            throw new GrammarException($"The grammar has {rules.Count} rules; at most {GrammarLimits.MaxRules} are allowed.");
        Rules = rules;
    }

    internal IReadOnlyDictionary<string, GrammarNode> Rules { get; }

    /// <summary>Reads a grammar in GBNF, the notation of llama.cpp.</summary>
    /// <exception cref="GrammarException">It is not well-formed, too large or names a rule that it lacks.</exception>
    public static Grammar FromGbnf(string text) => GbnfParser.Parse(text);

    /// <summary>The texts that a regular expression matches as a whole.</summary>
    /// <exception cref="GrammarException">It is not well-formed, too large or uses what is not supported.</exception>
    public static Grammar FromRegex(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        return new GrammarBuilder().Build(RegexGrammar.Whole(pattern));
    }

    /// <summary>The JSON values that a JSON schema lets through.</summary>
    /// <param name="schema">The schema: an object, true or false.</param>
    /// <exception cref="GrammarException">It can't be enforced; the place is a JSON pointer to the keyword.</exception>
    public static Grammar FromJsonSchema(JsonElement schema)
    {
        var builder = new GrammarBuilder();
        return builder.Build(builder.JsonSchema(schema));
    }

    /// <summary>Any JSON object.</summary>
    public static Grammar JsonObject()
    {
        var builder = new GrammarBuilder();
        return builder.Build(builder.JsonObject());
    }

    /// <summary>The grammar in GBNF.</summary>
    public string ToGbnf() => GbnfWriter.Write(this);
}
