namespace LlamaHost.Grammars;

/// <summary>A grammar, a regular expression or a JSON schema can't be enforced.</summary>
/// <param name="message">One sentence that says what is wrong.</param>
/// <param name="place">
/// Where: <c>line 3, column 7</c> of a grammar, <c>character 5</c> of a regular expression, a JSON pointer into a schema. Empty if it is about the
/// whole.
/// </param>
public sealed class GrammarException(string message, string place = "") : Exception(message)
{
    /// <summary>Where it is wrong; a JSON pointer for schemas. Empty if it is about the whole.</summary>
    public string Place { get; } = place;
}
