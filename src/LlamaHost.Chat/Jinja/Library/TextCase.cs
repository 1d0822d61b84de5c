using System.Text;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>Upper and lower case, kinds of characters, and padding.</summary>
internal static class TextCase
{
    public static Text Change(Rendering rendering, Text text, string name)
    {
        rendering.Budget.Charge(text.Length);
        return name switch
        {
            "upper" => text.Map(Upper),
            "lower" => text.Map(Lower),
            "casefold" => text.Map(value => Lower(value).Replace("ß", "ss", StringComparison.Ordinal)),
            "capitalize" => text.Map(Capitalize),
            "swapcase" => text.Map(value => string.Concat(
                value.Select(c => char.IsUpper(c) ? char.ToLowerInvariant(c).ToString() : UpperOf(c)))),
            _ => text.Map(Title),
        };
    }

    public static string Upper(string value) =>
        value.AsSpan().ContainsAny(Expanding) ? string.Concat(value.Select(UpperOf)) : value.ToUpperInvariant();

    public static string Lower(string value)
    {
        string lower = value.ToLowerInvariant().Replace("İ", "i\u0307", StringComparison.Ordinal);
        if (!value.Contains('Σ'))
            return lower;
        char[] letters = lower.ToCharArray();
        for (int i = 1; i < letters.Length && letters.Length == value.Length; i++)
        {
            // A sigma at the end of a word has a form of its own.
            if (value[i] == 'Σ' && char.IsLetter(value[i - 1]) && (i + 1 == value.Length || !char.IsLetter(value[i + 1])))
                letters[i] = 'ς';
        }
        return new string(letters);
    }

    /// <summary>The first character as a title has it, the rest in lower case.</summary>
    public static string Capitalize(string value)
    {
        int first = value.Length > 1 && char.IsSurrogatePair(value[0], value[1]) ? 2 : Math.Min(1, value.Length);
        string head = first == 1 ? TitleOf(value[0]) : value[..first].ToUpperInvariant();
        return head + Lower(value[first..]);
    }

    public static object Is(string value, string name)
    {
        if (name == "isascii")
            return value.All(char.IsAscii);
        if (name == "isprintable")
            return value.All(c => c == ' ' || !char.IsControl(c) && !char.IsWhiteSpace(c));
        if (value.Length == 0)
            return false;
        return name switch
        {
            "isalpha" => value.All(char.IsLetter),
            "isdigit" => value.All(c => char.IsDigit(c) || c is '\xb2' or '\xb3' or '\xb9'),
            "isdecimal" => value.All(char.IsDigit),
            "isnumeric" => value.All(char.IsNumber),
            "isalnum" => value.All(c => char.IsLetter(c) || char.IsNumber(c)),
            "isspace" => value.All(PythonText.IsSpace),
            "isupper" => value.Any(char.IsUpper) && !value.Any(char.IsLower),
            "islower" => value.Any(char.IsLower) && !value.Any(char.IsUpper),
            "istitle" => value.Any(char.IsUpper) && Title(value) == value,
            _ => (char.IsLetter(value[0]) || value[0] == '_') && value.All(c => char.IsLetterOrDigit(c) || c == '_'),
        };
    }

    public static Text Pad(Rendering rendering, Text text, Arguments arguments, string name)
    {
        int missing = arguments.Int(0, "width", 0) - text.CodePoints;
        if (missing <= 0)
            return text;
        rendering.Budget.Charge(missing);
        string fill = name == "zfill" ? "0" : arguments.TryGet(1, "fillchar", out object? given) && given is Text one ? one.Value : " ";
        TextBuilder padded = rendering.NewText();
        if (name == "zfill")
        {
            int sign = text.Value is ['+' or '-', ..] ? 1 : 0;
            return padded.Append(text.Slice(0, sign)).Append(Repeat(fill, missing)).Append(text.Slice(sign)).ToText();
        }
        int before = name switch
        {
            "ljust" => 0,
            "rjust" => missing,
            // CPython's choice for odd numbers.
            _ => missing / 2 + (missing & arguments.Int(0, "width", 0) & 1),
        };
        return padded.Append(Repeat(fill, before)).Append(text).Append(Repeat(fill, missing - before)).ToText();
    }

    private static string Repeat(string fill, int count) => string.Concat(Enumerable.Repeat(fill, count));

    // Each run of letters begins with a capital.
    private static string Title(string value)
    {
        StringBuilder titled = new(value.Length);
        bool isInWord = false;
        foreach (char c in value)
        {
            titled.Append(isInWord ? char.ToLowerInvariant(c).ToString() : TitleOf(c));
            isInWord = char.IsLetter(c);
        }
        return titled.ToString();
    }

    // Letters whose capitals are more than one letter.
    private static ReadOnlySpan<char> Expanding => "ßŉǰΐΰևﬀﬁﬂﬃﬄﬅﬆ";

    private static string UpperOf(char c) => c switch
    {
        'ß' => "SS",
        'ŉ' => "ʼN",
        'ǰ' => "J\u030c",
        'ΐ' => "Ι\u0308\u0301",
        'ΰ' => "Υ\u0308\u0301",
        'և' => "ԵՒ",
        'ﬀ' => "FF",
        'ﬁ' => "FI",
        'ﬂ' => "FL",
        'ﬃ' => "FFI",
        'ﬄ' => "FFL",
        'ﬅ' or 'ﬆ' => "ST",
        _ => char.ToUpperInvariant(c).ToString(),
    };

    private static string TitleOf(char c) => c switch
    {
        'ŉ' => "ʼN",
        'Ǆ' or 'ǅ' or 'ǆ' => "ǅ",
        'Ǉ' or 'ǈ' or 'ǉ' => "ǈ",
        'Ǌ' or 'ǋ' or 'ǌ' => "ǋ",
        'Ǳ' or 'ǲ' or 'ǳ' => "ǲ",
        _ when UpperOf(c) is { Length: > 1 } upper && char.IsLetter(upper[1]) => upper[0] + upper[1..].ToLowerInvariant(),
        _ => UpperOf(c),
    };
}
