using System.Globalization;
using System.Text;

namespace LlamaHost.Grammars.RegularExpressions;

/// <summary>
/// Reads regular expressions as ECMAScript does with its <c>u</c> flag: by code points, <c>\d</c> and <c>\w</c> of ASCII. What needs memory of the
/// text (references back) or looks around is refused.
/// </summary>
internal sealed class RegexParser(string pattern)
{
    private int _position;
    private int _nesting;

    private bool IsAtEnd => _position >= pattern.Length;

    private char Current => IsAtEnd ? '\0' : pattern[_position];

    public static string Place(int position) => string.Create(CultureInfo.InvariantCulture, $"character {position + 1}");

    /// <summary>The expression; <see cref="AnchorNode"/>s where it has anchors.</summary>
    public GrammarNode Parse()
    {
        if (pattern.Length > GrammarLimits.MaxText)
            throw new GrammarException($"The expression has {pattern.Length} characters; at most {GrammarLimits.MaxText} are allowed.");
        GrammarNode node = ReadChoice();
        return IsAtEnd ? node : throw Error("This parenthesis closes none.", _position);
    }

    private GrammarNode ReadChoice()
    {
        List<GrammarNode> options = [ReadSequence()];
        while (Current == '|')
        {
            _position++;
            options.Add(ReadSequence());
        }
        return GrammarNode.Choice(options);
    }

    private GrammarNode ReadSequence()
    {
        List<GrammarNode> parts = [];
        while (!IsAtEnd && Current is not ('|' or ')'))
        {
            int start = _position;
            GrammarNode part = ReadPart();
            parts.Add(ReadRepetition(part, start));
        }
        return GrammarNode.Sequence(parts);
    }

    private GrammarNode ReadPart()
    {
        int start = _position;
        switch (Current)
        {
            case '^' or '$':
                _position++;
                return new AnchorNode(pattern[start] == '^', start);
            case '.':
                _position++;
                return GrammarNode.Of(RegexClasses.LineEnd.Not());
            case '(':
                return ReadGroup();
            case '[':
                return GrammarNode.Of(ReadSet());
            case '\\':
                return GrammarNode.Of(ReadEscape(isInSet: false).Set);
            case '*' or '+' or '?' or '{':
                throw Error("There is nothing before this to repeat; write it with a backslash if it is meant as a character.", start);
            default:
                return GrammarNode.Of(CharSet.Of(ReadRune().Value));
        }
    }

    private GrammarNode ReadGroup()
    {
        int start = _position++;
        if (++_nesting > GrammarLimits.MaxNesting)
            throw Error($"Parentheses are nested deeper than {GrammarLimits.MaxNesting}.", start);
        if (Current == '?')
            ReadGroupKind(start);
        GrammarNode group = ReadChoice();
        if (Current != ')')
            throw Error("This parenthesis is not closed.", start);
        _position++;
        _nesting--;
        return group;
    }

    private void ReadGroupKind(int start)
    {
        string rest = pattern[_position..Math.Min(pattern.Length, _position + 3)];
        if (rest.StartsWith("?:", StringComparison.Ordinal))
        {
            _position += 2;
            return;
        }
        if (rest.StartsWith("?=", StringComparison.Ordinal) || rest.StartsWith("?!", StringComparison.Ordinal)
            || rest.StartsWith("?<=", StringComparison.Ordinal) || rest.StartsWith("?<!", StringComparison.Ordinal))
            throw Error("Looking ahead or behind is not supported.", start);
        int end = rest.StartsWith("?<", StringComparison.Ordinal) ? pattern.IndexOf('>', _position) : -1;
        if (end < 0)
            throw Error("This kind of group is not supported.", start);
        _position = end + 1;
    }

    private GrammarNode ReadRepetition(GrammarNode part, int start)
    {
        int position = _position;
        (int Least, int? Most)? bounds = Current switch
        {
            '*' => (0, null),
            '+' => (1, null),
            '?' => (0, 1),
            '{' => ReadBounds(),
            _ => null,
        };
        if (bounds is not { } found)
            return part;
        if (part is AnchorNode)
            throw Error("An anchor can't be repeated.", start);
        if (found.Most < found.Least)
            throw Error("A repetition's upper bound is below its lower one.", position);
        if (Current != '{' && position == _position)
            _position++;
        // Lazy or greedy, the texts are the same.
        if (Current == '?')
            _position++;
        else if (Current == '+')
            throw Error("Possessive repetition is not supported.", _position);
        else if (Current is '*' or '{')
            throw Error("A repetition can't be repeated without parentheses.", _position);
        return GrammarNode.Repeat(part, found.Least, found.Most);
    }

    private (int Least, int? Most) ReadBounds()
    {
        int start = _position++;
        int least = ReadNumber(start);
        int? most = least;
        if (Current == ',')
        {
            _position++;
            most = Current == '}' ? null : ReadNumber(start);
        }
        if (Current != '}')
            throw Error("This brace begins no repetition; write it with a backslash if it is meant as a character.", start);
        _position++;
        return (least, most);
    }

    private int ReadNumber(int start)
    {
        int first = _position;
        while (char.IsAsciiDigit(Current))
            _position++;
        if (first == _position)
            throw Error("This brace begins no repetition; write it with a backslash if it is meant as a character.", start);
        return int.TryParse(pattern.AsSpan(first, _position - first), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number <= GrammarLimits.MaxRepetition
                ? number : throw Error($"A repetition is bounded by more than {GrammarLimits.MaxRepetition}.", start);
    }

    private CharSet ReadSet()
    {
        int start = _position++;
        bool isNegated = Current == '^';
        if (isNegated)
            _position++;
        List<CharSet> parts = [];
        while (Current != ']' || IsAtEnd)
        {
            if (IsAtEnd)
                throw Error("This set of characters is not closed.", start);
            int position = _position;
            (CharSet first, int? character) = ReadSetPart();
            if (Current == '-' && _position + 1 < pattern.Length && pattern[_position + 1] != ']')
            {
                _position++;
                (_, int? last) = ReadSetPart();
                if (character is null || last is null || last < character)
                    throw Error("This is no range of characters.", position);
                first = CharSet.Range(character.Value, last.Value);
            }
            parts.Add(first);
        }
        _position++;
        var set = CharSet.Union(parts);
        return isNegated ? set.Not() : set;
    }

    private (CharSet Set, int? Character) ReadSetPart()
    {
        if (Current == '\\')
            return ReadEscape(isInSet: true);
        int character = ReadRune().Value;
        return (CharSet.Of(character), character);
    }

    private (CharSet Set, int? Character) ReadEscape(bool isInSet)
    {
        int start = _position++;
        if (IsAtEnd)
            throw Error("A backslash stands at the end.", start);
        char kind = pattern[_position++];
        if (RegexClasses.Named(kind) is { } named)
            return (named, null);
        if (kind is 'p' or 'P')
        {
            CharSet category = ReadCategory(start);
            return (kind == 'p' ? category : category.Not(), null);
        }
        int? character = kind switch
        {
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'f' => '\f',
            'v' => '\v',
            '0' when !char.IsAsciiDigit(Current) => 0,
            'b' when isInSet => '\b',
            'x' => ReadHexadecimal(2, start),
            'u' => ReadCodePoint(start),
            'c' when char.IsAsciiLetter(Current) => pattern[_position++] % 32,
            _ when char.IsAscii(kind) && !char.IsAsciiLetterOrDigit(kind) => kind,
            _ => null,
        };
        if (character is { } found)
            return (CharSet.Of(found), found);
        throw Error(
            char.IsAsciiDigit(kind) || kind == 'k' ? "References back are not supported."
            : kind is 'b' or 'B' ? "Word boundaries are not supported." : $"\\{kind} is no escape that is supported.",
            start);
    }

    private CharSet ReadCategory(int start)
    {
        int end = Current == '{' ? pattern.IndexOf('}', _position) : -1;
        string name = end < 0 ? "" : pattern[(_position + 1)..end];
        _position = end + 1;
        return RegexClasses.Category(name) ?? throw Error("\\p and \\P are supported with general categories alone, such as \\p{L}.", start);
    }

    private int ReadCodePoint(int start)
    {
        if (Current == '{')
        {
            int end = pattern.IndexOf('}', _position);
            string digits = end < 0 ? "" : pattern[(_position + 1)..end];
            _position = end + 1;
            return int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) && Rune.IsValid(value)
                ? value : throw Error("This is no code point.", start);
        }
        int unit = ReadHexadecimal(4, start);
        if (char.IsHighSurrogate((char)unit) && Current == '\\' && _position + 1 < pattern.Length && pattern[_position + 1] == 'u')
        {
            _position += 2;
            int low = ReadHexadecimal(4, start);
            if (char.IsLowSurrogate((char)low))
                return char.ConvertToUtf32((char)unit, (char)low);
        }
        return Rune.IsValid(unit) ? unit : throw Error("There is half a surrogate pair.", start);
    }

    private int ReadHexadecimal(int digits, int start)
    {
        if (_position + digits > pattern.Length
            || !int.TryParse(pattern.AsSpan(_position, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value))
            throw Error($"{digits} hexadecimal digits are expected here.", start);
        _position += digits;
        return value;
    }

    private Rune ReadRune()
    {
        if (Rune.DecodeFromUtf16(pattern.AsSpan(_position), out Rune rune, out int length) != System.Buffers.OperationStatus.Done)
            throw Error("There is half a surrogate pair.", _position);
        _position += length;
        return rune;
    }

    private static GrammarException Error(string message, int position) => new(message, Place(position));
}
