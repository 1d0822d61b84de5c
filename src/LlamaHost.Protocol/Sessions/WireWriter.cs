using System.Text;

namespace LlamaHost.Protocol.Sessions;

/// <summary>
/// Writes fields in protobuf's wire format. A field that has its default value is left out, as proto3 has it; of each kind of field there is the
/// size as well, because a message's size comes before it.
/// </summary>
/// <param name="buffer">Large enough.</param>
internal ref struct WireWriter(Span<byte> buffer)
{
    private const int TagSize = 1;

    private Span<byte> _rest = buffer;

    public static int SizeOf(int value) => value == 0 ? 0 : TagSize + VarintSize((ulong)value);

    public static int SizeOf(bool value) => value ? TagSize + 1 : 0;

    public static int SizeOf(string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        return bytes == 0 ? 0 : SizeOfMessage(bytes);
    }

    /// <summary>Size of a field whose message has that size.</summary>
    public static int SizeOfMessage(int size) => TagSize + VarintSize((ulong)size) + size;

    public void Write(byte tag, int value)
    {
        if (value == 0)
            return;
        WriteByte(tag);
        // Negative numbers are extended to 64 bits.
        WriteVarint((ulong)value);
    }

    public void Write(byte tag, bool value) => Write(tag, value ? 1 : 0);

    public void Write(byte tag, string text)
    {
        if (text.Length == 0)
            return;
        BeginMessage(tag, Encoding.UTF8.GetByteCount(text));
        _rest = _rest[Encoding.UTF8.GetBytes(text, _rest)..];
    }

    /// <summary>Writes what comes before a message of that size.</summary>
    public void BeginMessage(byte tag, int size)
    {
        WriteByte(tag);
        WriteVarint((ulong)size);
    }

    private void WriteByte(byte value)
    {
        _rest[0] = value;
        _rest = _rest[1..];
    }

    private void WriteVarint(ulong value)
    {
        for (; value > 0x7F; value >>= 7)
            WriteByte((byte)(value | 0x80));
        WriteByte((byte)value);
    }

    private static int VarintSize(ulong value)
    {
        int size = 1;
        for (; value > 0x7F; value >>= 7)
            size++;
        return size;
    }
}
