using System.Text.RegularExpressions;

namespace LlamaHost.Chat.Output;

/// <summary>Follows one JSON object or array character by character and tells when it ends or stops being JSON.</summary>
internal sealed partial class JsonScanner
{
    private const int Deepest = 128;

    private readonly Stack<char> _open = [];
    private State _state = State.Value;
    private int _hexDigits;
    private string _literal = "";

    private enum State
    {
        Value,
        ValueOrEnd,
        Key,
        KeyOrEnd,
        Colon,
        CommaOrEnd,
        String,
        KeyString,
        Escape,
        KeyEscape,
        Hex,
        KeyHex,
        Literal,
        Done,
    }

    /// <summary>Containers that are open.</summary>
    public int Depth => _open.Count;

    public bool IsDone => _state == State.Done;

    /// <summary>Whether a value of the container may begin with the next character.</summary>
    public bool ExpectsValue => _state is State.Value or State.ValueOrEnd;

    /// <summary>Whether a value has just ended, so that a comma or the container's end follows.</summary>
    public bool IsAfterValue => _state is State.CommaOrEnd or State.Done;

    /// <summary>Whether a key has just ended.</summary>
    public bool IsAfterKey => _state == State.Colon;

    /// <summary>Whether the last character belongs to a key.</summary>
    public bool IsInKey => _state is State.KeyString or State.KeyEscape or State.KeyHex;

    /// <summary>Takes the next character.</summary>
    /// <returns>False if no JSON begins so.</returns>
    public bool Push(char c)
    {
        switch (_state)
        {
            case State.String or State.KeyString:
                return InString(c);
            case State.Escape or State.KeyEscape:
                return InEscape(c);
            case State.Hex or State.KeyHex:
                if (--_hexDigits == 0)
                    _state = _state == State.Hex ? State.String : State.KeyString;
                return char.IsAsciiHexDigit(c);
            case State.Literal when !IsEndOfLiteral(c):
                _literal += c;
                return IsBeginningOfLiteral(_literal);
            case State.Literal:
                _state = State.CommaOrEnd;
                return IsLiteral(_literal) && Structure(c);
            default:
                return Structure(c);
        }
    }

    private bool Structure(char c)
    {
        if (c is ' ' or '\t' or '\n' or '\r')
            return _state != State.Done;
        switch (_state)
        {
            case State.Value or State.ValueOrEnd when c is '{' or '[':
                _open.Push(c);
                _state = c == '{' ? State.KeyOrEnd : State.ValueOrEnd;
                return _open.Count <= Deepest;
            case State.Value or State.ValueOrEnd when c == '"' && _open.Count > 0:
                _state = State.String;
                return true;
            case State.Value or State.ValueOrEnd when _open.Count > 0 && IsBeginningOfLiteral(c.ToString()):
                _literal = c.ToString();
                _state = State.Literal;
                return true;
            case State.Key or State.KeyOrEnd when c == '"':
                _state = State.KeyString;
                return true;
            case State.Colon when c == ':':
                _state = State.Value;
                return true;
            case State.CommaOrEnd when c == ',':
                _state = _open.Peek() == '{' ? State.Key : State.Value;
                return true;
            case State.CommaOrEnd or State.KeyOrEnd when c == '}' && _open.Peek() == '{':
            case State.CommaOrEnd or State.ValueOrEnd when c == ']' && _open.Count > 0 && _open.Peek() == '[':
                _open.Pop();
                _state = _open.Count == 0 ? State.Done : State.CommaOrEnd;
                return true;
            default:
                return false;
        }
    }

    private bool InString(char c)
    {
        if (c == '\\')
            _state = _state == State.String ? State.Escape : State.KeyEscape;
        else if (c == '"')
            _state = _state == State.String ? State.CommaOrEnd : State.Colon;
        return c >= ' ';
    }

    private bool InEscape(char c)
    {
        bool isKey = _state == State.KeyEscape;
        _hexDigits = 4;
        _state = c == 'u' ? (isKey ? State.KeyHex : State.Hex) : isKey ? State.KeyString : State.String;
        return c is '"' or '\\' or '/' or 'b' or 'f' or 'n' or 'r' or 't' or 'u';
    }

    private static bool IsEndOfLiteral(char c) => c is ',' or '}' or ']' or ' ' or '\t' or '\n' or '\r';

    private static bool IsBeginningOfLiteral(string text) =>
        "true".StartsWith(text, StringComparison.Ordinal)
        || "false".StartsWith(text, StringComparison.Ordinal)
        || "null".StartsWith(text, StringComparison.Ordinal)
        || (char.IsAsciiDigit(text[0]) || text[0] == '-')
            && text.Length < 400 && text.All(c => char.IsAsciiDigit(c) || c is '+' or '-' or '.' or 'e' or 'E');

    private static bool IsLiteral(string text) => text is "true" or "false" or "null" || Number().IsMatch(text);

    [GeneratedRegex(@"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$")]
    private static partial Regex Number();
}
