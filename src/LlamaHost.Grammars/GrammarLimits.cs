namespace LlamaHost.Grammars;

/// <summary>Bounds that keep what clients send from taking memory or time without end. What is beyond them is refused.</summary>
public static class GrammarLimits
{
    /// <summary>Most characters of a grammar's text, a regular expression or a JSON schema.</summary>
    public const int MaxText = 1_000_000;

    /// <summary>Most rules of a grammar.</summary>
    public const int MaxRules = 50_000;

    /// <summary>Most nodes that a grammar's repetitions unroll to.</summary>
    public const int MaxNodes = 1_000_000;

    /// <summary>Highest bound of a repetition, a string's length or an array's.</summary>
    public const int MaxRepetition = 100_000;

    /// <summary>Deepest nesting of parentheses in a grammar or a regular expression.</summary>
    public const int MaxNesting = 100;

    /// <summary>Deepest nesting of objects and arrays in JSON that a schema or free JSON lets through.</summary>
    public const int MaxJsonDepth = 32;

    /// <summary>Deepest nesting of a grammar's rules while a text is matched, right recursion aside.</summary>
    public const int MaxStack = 1000;

    /// <summary>Most entries of the table of a deterministic automaton, that combined conditions on a string need.</summary>
    public const int MaxAutomaton = 2_000_000;
}
