using System.Text;

namespace LlamaHost.Protocol.Sessions;

/// <summary>The ids of a session's requests, which come again with every token: each is made once. Not thread-safe.</summary>
internal sealed class RequestIds
{
    // Longer ones, which no API of the server makes, are made anew each time.
    private const int MaxKeptBytes = 256;

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public RequestIds() => _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The id with that UTF-8 text.</summary>
    public string Of(ReadOnlySpan<byte> text)
    {
        if (text.Length > MaxKeptBytes)
            return Encoding.UTF8.GetString(text);
        Span<char> characters = stackalloc char[MaxKeptBytes];
        ReadOnlySpan<char> id = characters[..Encoding.UTF8.GetChars(text, characters)];
        if (_lookup.TryGetValue(id, out string? known))
            return known;
        string made = id.ToString();
        _ids.Add(made);
        return made;
    }

    /// <summary>Says that it may not come again. If it does, it is made once more.</summary>
    public void Forget(string id) => _ids.Remove(id);
}
