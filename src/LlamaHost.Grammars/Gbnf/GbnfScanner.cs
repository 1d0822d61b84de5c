using System.Globalization;
using System.Text;

namespace LlamaHost.Grammars.Gbnf;

/// <summary>Reads the small parts of GBNF: white space, names, numbers, characters.</summary>
internal sealed class GbnfScanner(string text)
{
    private int _position;

    public bool IsAtEnd => _position >= text.Length;

    /// <summary>The character here, or NUL at the end.</summary>
    public char Current => IsAtEnd ? '\0' : text[_position];

    public int Position => _position;

    public void Skip(int characters = 1) => _position += characters;

    public bool StartsWith(string token) => string.CompareOrdinal(text, _position, token, 0, token.Length) == 0;

    /// <summary>Skips spaces and comments, and line ends where they don't end a rule.</summary>
    public void SkipSpace(bool lineEnds)
    {
        while (!IsAtEnd)
        {
            if (Current is ' ' or '\t' || (lineEnds && Current is '\r' or '\n'))
                _position++;
            else if (Current == '#')
                SkipComment();
            else
                break;
        }
    }

    public string Name()
    {
        int start = _position;
        while (IsNamePart(Current))
            _position++;
        return start == _position ? throw Error("A rule's name is expected here.") : text[start.._position];
    }

    public static bool IsNamePart(char character) => char.IsAsciiLetterOrDigit(character) || character is '-' or '_';

    public int Number()
    {
        int start = _position;
        while (char.IsAsciiDigit(Current))
            _position++;
        if (start == _position)
            throw Error("A number is expected here.");
        return int.TryParse(text.AsSpan(start, _position - start), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number <= GrammarLimits.MaxRepetition
                ? number : throw Error($"A repetition is bounded by more than {GrammarLimits.MaxRepetition}.", start);
    }

    /// <summary>A character as it stands or as an escape.</summary>
    public int Character()
    {
        if (IsAtEnd)
            throw Error("The grammar ends within a text or a set of characters.");
        if (Current != '\\')
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(_position), out Rune rune, out int length) != System.Buffers.OperationStatus.Done)
                throw Error("There is half a surrogate pair.");
            _position += length;
            return rune.Value;
        }
        char kind = _position + 1 < text.Length ? text[_position + 1] : '\0';
        _position += 2;
        return kind switch
        {
            'x' => Hexadecimal(2),
            'u' => Hexadecimal(4),
            'U' => Hexadecimal(8),
            't' => '\t',
            'r' => '\r',
            'n' => '\n',
            '\\' or '"' or '[' or ']' or '-' or '^' => kind,
            _ => throw Error("There is no such escape; known are \\x, \\u, \\U, \\t, \\r, \\n, \\\\, \\\", \\[, \\], \\- and \\^.", _position - 2),
        };
    }

    public GrammarException Error(string message) => Error(message, _position);

    public GrammarException Error(string message, int position)
    {
        ReadOnlySpan<char> before = text.AsSpan(0, Math.Min(position, text.Length));
        int line = before.Count('\n') + 1;
        int column = before.Length - before.LastIndexOf('\n');
        return new GrammarException(message, $"line {line}, column {column}");
    }

    private int Hexadecimal(int digits)
    {
        if (_position + digits > text.Length
            || !int.TryParse(text.AsSpan(_position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            || !Rune.IsValid(value))
            throw Error($"{digits} hexadecimal digits of a character are expected here.");
        _position += digits;
        return value;
    }

    private void SkipComment()
    {
        while (!IsAtEnd && Current is not ('\r' or '\n'))
            _position++;
    }
}
