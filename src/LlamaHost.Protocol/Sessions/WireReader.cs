namespace LlamaHost.Protocol.Sessions;

/// <summary>Reads fields in protobuf's wire format. Whatever can't be read gives <see langword="false"/>.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads a tag of one byte; call it only when not at the end.</summary>
    public byte ReadTag()
    {
        byte tag = _rest[0];
        _rest = _rest[1..];
        return tag;
    }

    public bool TryRead(out int value)
    {
        bool isRead = TryReadVarint(out ulong varint);
        value = unchecked((int)varint);
        return isRead;
    }

    public bool TryRead(out bool value)
    {
        bool isRead = TryReadVarint(out ulong varint);
        value = varint != 0;
        return isRead;
    }

    /// <summary>Reads a text's bytes, or a message's.</summary>
    public bool TryRead(out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryReadVarint(out ulong size) || size > (ulong)_rest.Length)
            return false;
        value = _rest[..(int)size];
        _rest = _rest[(int)size..];
        return true;
    }

    private bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (int i = 0; i < _rest.Length && i < 10; i++)
        {
            value |= (ulong)(_rest[i] & 0x7F) << (7 * i);
            if (_rest[i] <= 0x7F)
            {
                _rest = _rest[(i + 1)..];
                return true;
            }
        }
        return false;
    }
}
