using System.Text;

namespace LlamaHost.Chat.Output;

/// <summary>Collects calls as Python writes them until their brackets are closed.</summary>
internal sealed class PythonCallBuffer
{
    private readonly StringBuilder _raw = new();
    private int _depth;
    private char _quote;
    private bool _isEscaped;

    public string Raw => _raw.ToString();

    /// <summary>Takes a character.</summary>
    /// <returns>True if the brackets are closed with it, false if no calls begin so, null if there is more to come.</returns>
    public bool? Push(char c)
    {
        _raw.Append(c);
        // What can't be the beginning of a name ends the waiting: many texts begin with a bracket.
        if (_depth == 1 && _quote == '\0' && _raw.Length < 200 && !CanBegin(c))
            return false;
        if (_quote != '\0')
        {
            if (!_isEscaped && c == _quote)
                _quote = '\0';
            _isEscaped = !_isEscaped && c == '\\';
            return null;
        }
        switch (c)
        {
            case '\'' or '"':
                _quote = c;
                break;
            case '[' or '(' or '{':
                _depth++;
                break;
            case ']' or ')' or '}':
                _depth--;
                break;
        }
        return _depth == 0 ? true : null;
    }

    // Between the outer brackets stand only names and what separates calls.
    private static bool CanBegin(char c) => char.IsLetterOrDigit(c) || char.IsWhiteSpace(c) || c is '_' or '-' or '.' or '(' or ',' or ']';
}
