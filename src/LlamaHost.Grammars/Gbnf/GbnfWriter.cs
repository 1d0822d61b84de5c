using System.Globalization;
using System.Text;

namespace LlamaHost.Grammars.Gbnf;

/// <summary>Writes a grammar in GBNF. <see cref="GbnfParser"/> reads it back as the same grammar.</summary>
internal static class GbnfWriter
{
    public static string Write(Grammar grammar)
    {
        var text = new StringBuilder();
        WriteRule(text, Grammar.Root, grammar.Rules[Grammar.Root]);
        foreach ((string name, GrammarNode node) in grammar.Rules)
        {
            if (name != Grammar.Root)
                WriteRule(text, name, node);
        }
        return text.ToString();
    }

    private static void WriteRule(StringBuilder text, string name, GrammarNode node)
    {
        text.Append(name).Append(" ::= ");
        Write(text, node, isPart: false);
        text.Append('\n');
    }

    // A part of a sequence, or what is repeated, needs parentheses where it would fall apart.
    private static void Write(StringBuilder text, GrammarNode node, bool isPart)
    {
        switch (node)
        {
            case TextNode literal:
                text.Append('"');
                foreach (Rune rune in literal.Value.EnumerateRunes())
                    WriteCharacter(text, rune.Value);
                text.Append('"');
                break;
            case CharNode { Characters: var characters }:
                text.Append('[');
                foreach ((int first, int last) in characters.Ranges)
                    WriteRange(text, first, last);
                text.Append(']');
                break;
            case TokenNode token:
                text.Append(CultureInfo.InvariantCulture, $"<[{token.Id}]>");
                break;
            case RuleNode rule:
                text.Append(rule.Name);
                break;
            case RepeatNode repeat:
                Write(text, repeat.Part, isPart: true);
                text.Append(CultureInfo.InvariantCulture, $"{{{repeat.Least},{repeat.Most}}}");
                break;
            case SequenceNode { Parts: [] }:
                text.Append("\"\"");
                break;
            case SequenceNode sequence:
                WriteAll(text, sequence.Parts, " ", isPart, arePart: true);
                break;
            case ChoiceNode { Options: [] }:
                text.Append("[]");
                break;
            case ChoiceNode choice:
                WriteAll(text, choice.Options, " | ", isPart, arePart: false);
                break;
        }
    }

    private static void WriteAll(StringBuilder text, IEnumerable<GrammarNode> nodes, string separator, bool isPart, bool arePart)
    {
        text.Append(isPart ? "(" : "");
        bool isFirst = true;
        foreach (GrammarNode node in nodes)
        {
            text.Append(isFirst ? "" : separator);
            isFirst = false;
            // What is repeated is read as belonging to what stands right before it.
            Write(text, node, arePart);
        }
        text.Append(isPart ? ")" : "");
    }

    private static void WriteRange(StringBuilder text, int first, int last)
    {
        WriteCharacter(text, first);
        if (first == last)
            return;
        text.Append('-');
        WriteCharacter(text, last);
    }

    private static void WriteCharacter(StringBuilder text, int codePoint)
    {
        if (codePoint is ' ' or '.' or ',' or ':' or '{' or '}' or '_' || (codePoint < 128 && char.IsAsciiLetterOrDigit((char)codePoint)))
            text.Append((char)codePoint);
        else if (codePoint < 0x100)
            text.Append(CultureInfo.InvariantCulture, $"\\x{codePoint:X2}");
        else if (codePoint < 0x10000)
            text.Append(CultureInfo.InvariantCulture, $"\\u{codePoint:X4}");
        else
            text.Append(CultureInfo.InvariantCulture, $"\\U{codePoint:X8}");
    }
}
