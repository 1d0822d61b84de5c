using System.Globalization;
using System.Text;

namespace LlamaHost.Chat.Jinja.Syntax;

/// <summary>Python's escapes in string literals.</summary>
internal static class StringLiteral
{
    /// <summary>What the text between the quotes says. Escapes that mean nothing stay as they are.</summary>
    public static string Read(string body)
    {
        if (!body.Contains('\\'))
            return body;
        StringBuilder text = new();
        for (int i = 0; i < body.Length; i++)
        {
            if (body[i] != '\\' || i + 1 == body.Length)
                text.Append(body[i]);
            else
                i = ReadEscape(body, i + 1, text);
        }
        return text.ToString();
    }

    // Returns the place of the escape's last character.
    private static int ReadEscape(string body, int at, StringBuilder text)
    {
        switch (body[at])
        {
            case '\n':
                return at;
            case 'x':
                return ReadHex(body, at, 2, text);
            case 'u':
                return ReadHex(body, at, 4, text);
            case 'U':
                return ReadHex(body, at, 8, text);
            case >= '0' and <= '7':
                int end = at;
                while (end < body.Length && end < at + 3 && body[end] is >= '0' and <= '7')
                    end++;
                text.Append((char)Convert.ToInt32(body[at..end], 8));
                return end - 1;
        }
        int known = @"\'""abfnrtv".IndexOf(body[at], StringComparison.Ordinal);
        if (known >= 0)
            text.Append("\\'\"\a\b\f\n\r\t\v"[known]);
        else
            text.Append('\\').Append(body[at]);
        return at;
    }

    private static int ReadHex(string body, int at, int digits, StringBuilder text)
    {
        if (at + digits >= body.Length
            || !int.TryParse(body.AsSpan(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
            || code is < 0 or > 0x10FFFF)
            throw new ChatTemplateException($"truncated \\{body[at]} escape in a string");
        if (code > 0xFFFF)
            text.Append(char.ConvertFromUtf32(code));
        else
            text.Append((char)code);
        return at + digits;
    }
}
