using System.Globalization;
using System.Text;

namespace LlamaHost.Grammars.RegularExpressions;

/// <summary>Sets of characters that regular expressions have names for.</summary>
internal static class RegexClasses
{
    /// <summary>What <c>.</c> leaves out.</summary>
    public static CharSet LineEnd { get; } = CharSet.AnyOf("\n\r\u2028\u2029");

    private static readonly CharSet Digit = CharSet.Range('0', '9');
    private static readonly CharSet Word = CharSet.Union([Digit, CharSet.Range('A', 'Z'), CharSet.Range('a', 'z'), CharSet.Of('_')]);
    private static readonly CharSet Space = CharSet.Union(
        [CharSet.Range('\t', '\r'), CharSet.AnyOf(" \u00A0\u1680\u2028\u2029\u202F\u205F\u3000\uFEFF"), CharSet.Range(0x2000, 0x200A)]);

    // As Unicode names them, each with those that it begins.
    private static readonly Dictionary<string, UnicodeCategory> Categories = new(StringComparer.Ordinal)
    {
        ["Lu"] = UnicodeCategory.UppercaseLetter, ["Ll"] = UnicodeCategory.LowercaseLetter, ["Lt"] = UnicodeCategory.TitlecaseLetter,
        ["Lm"] = UnicodeCategory.ModifierLetter, ["Lo"] = UnicodeCategory.OtherLetter, ["Mn"] = UnicodeCategory.NonSpacingMark,
        ["Mc"] = UnicodeCategory.SpacingCombiningMark, ["Me"] = UnicodeCategory.EnclosingMark, ["Nd"] = UnicodeCategory.DecimalDigitNumber,
        ["Nl"] = UnicodeCategory.LetterNumber, ["No"] = UnicodeCategory.OtherNumber, ["Pc"] = UnicodeCategory.ConnectorPunctuation,
        ["Pd"] = UnicodeCategory.DashPunctuation, ["Ps"] = UnicodeCategory.OpenPunctuation, ["Pe"] = UnicodeCategory.ClosePunctuation,
        ["Pi"] = UnicodeCategory.InitialQuotePunctuation, ["Pf"] = UnicodeCategory.FinalQuotePunctuation,
        ["Po"] = UnicodeCategory.OtherPunctuation, ["Sm"] = UnicodeCategory.MathSymbol, ["Sc"] = UnicodeCategory.CurrencySymbol,
        ["Sk"] = UnicodeCategory.ModifierSymbol, ["So"] = UnicodeCategory.OtherSymbol, ["Zs"] = UnicodeCategory.SpaceSeparator,
        ["Zl"] = UnicodeCategory.LineSeparator, ["Zp"] = UnicodeCategory.ParagraphSeparator, ["Cc"] = UnicodeCategory.Control,
        ["Cf"] = UnicodeCategory.Format,
    };

    /// <summary>The set that a backslash with this letter names.</summary>
    public static CharSet? Named(char letter) => letter switch
    {
        'd' => Digit,
        'D' => Digit.Not(),
        'w' => Word,
        'W' => Word.Not(),
        's' => Space,
        'S' => Space.Not(),
        _ => null,
    };

    /// <summary>The characters of a general category, named by its one or two letters.</summary>
    public static CharSet? Category(string name)
    {
        HashSet<UnicodeCategory> wanted =
            [.. Categories.Where(one => one.Key == name || (name.Length == 1 && one.Key[0] == name[0])).Select(one => one.Value)];
        if (wanted.Count == 0)
            return null;
        List<CharSet> ranges = [];
        int first = -1;
        for (int codePoint = 0; codePoint <= CharSet.MaxCodePoint + 1; codePoint++)
        {
            bool isIn = Rune.IsValid(codePoint) && wanted.Contains(Rune.GetUnicodeCategory(new Rune(codePoint)));
            if (isIn && first < 0)
                first = codePoint;
            if (isIn || first < 0)
                continue;
            ranges.Add(CharSet.Range(first, codePoint - 1));
            first = -1;
        }
        return CharSet.Union(ranges);
    }
}
