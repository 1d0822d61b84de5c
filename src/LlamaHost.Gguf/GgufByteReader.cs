using System.Buffers.Binary;
using System.Text;

namespace LlamaHost.Gguf;

/// <summary>
/// Reads a GGUF file's little-endian values in order. Every length is checked against what is left of the file before anything is
/// allocated or read, so that no number in the file can make it take more memory or time than the file's real size allows.
/// </summary>
internal sealed class GgufByteReader
{
    // Far above any real header: chat templates are the longest strings, some ten thousand bytes.
    private const long MaxTextBytes = 64 * 1024 * 1024;

    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private long _textBytes;

    /// <param name="stream">A file from its beginning; it must know its length.</param>
    public GgufByteReader(Stream stream)
    {
        _stream = stream;
        Remaining = stream.Length - stream.Position;
    }

    /// <summary>Bytes of the file that have not been read yet.</summary>
    public long Remaining { get; private set; }

    public byte ReadByte() => Take(sizeof(byte))[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public float ReadSingle() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));

    /// <summary>A string with its length before it; bytes that are not UTF-8 become U+FFFD.</summary>
    public string ReadText()
    {
        int length = (int)Math.Min(CheckedLength(ReadUInt64()), MaxTextBytes + 1);
        _textBytes += length;
        if (_textBytes > MaxTextBytes)
            throw new InvalidGgufException($"holds more than {MaxTextBytes} bytes of text in its header");
        if (length <= _buffer.Length)
            return Encoding.UTF8.GetString(Take(length));
        byte[] bytes = new byte[length];
        for (int filled = 0; filled < length;)
        {
            ReadOnlySpan<byte> part = Take(Math.Min(_buffer.Length, length - filled));
            part.CopyTo(bytes.AsSpan(filled));
            filled += part.Length;
        }
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Passes over a string without keeping it.</summary>
    public void SkipText() => Skip(CheckedLength(ReadUInt64()));

    /// <summary>Passes over <paramref name="count"/> values of <paramref name="size"/> bytes each.</summary>
    public void Skip(ulong count, int size)
    {
        if (count > (ulong)(Remaining / size))
            throw Truncated();
        Skip((long)count * size);
    }

    private long CheckedLength(ulong length) => length <= (ulong)Remaining ? (long)length : throw Truncated();

    private void Skip(long count)
    {
        Remaining -= count;
        int buffered = (int)Math.Min(count, _end - _start);
        _start += buffered;
        if (count > buffered)
            _stream.Seek(count - buffered, SeekOrigin.Current);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > Remaining)
            throw Truncated();
        if (count > _end - _start)
            Fill(count);
        ReadOnlySpan<byte> taken = _buffer.AsSpan(_start, count);
        _start += count;
        Remaining -= count;
        return taken;
    }

    private void Fill(int count)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        while (_end < count)
        {
            int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
            // The file was cut while it was read.
            if (read == 0)
                throw Truncated();
            _end += read;
        }
    }

    private static InvalidGgufException Truncated() => new("ends within its header: it is truncated or damaged");
}
