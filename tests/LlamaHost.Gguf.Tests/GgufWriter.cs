using System.Text;

namespace LlamaHost.Gguf.Tests;

/// <summary>Writes GGUF headers, sound ones and others.</summary>
internal sealed class GgufWriter
{
    private readonly List<byte> _bytes = [];

    public byte[] ToArray() => [.. _bytes];

    /// <summary>A whole header.</summary>
    public static byte[] Write(AnyHeader header)
    {
        GgufWriter writer = new GgufWriter().Start(header.Version, header.Tensors.Count, header.Entries.Count);
        foreach ((string key, AnyValue value) in header.Entries)
            writer.Entry(key, value);
        foreach (ulong[] shape in header.Tensors)
            writer.Tensor("blk.0.ffn_up.weight", shape);
        return writer.ToArray();
    }

    public GgufWriter Start(uint version, long tensors, long entries)
    {
        _bytes.AddRange("GGUF"u8);
        _bytes.AddRange(BitConverter.GetBytes(version));
        _bytes.AddRange(BitConverter.GetBytes(tensors));
        _bytes.AddRange(BitConverter.GetBytes(entries));
        return this;
    }

    public GgufWriter Entry(string key, AnyValue value)
    {
        Text(key);
        Number((int)value.Type);
        if (value.Type == GgufType.Array)
        {
            Number((int)value.ElementType);
            _bytes.AddRange(BitConverter.GetBytes((ulong)value.Elements.Count));
        }
        foreach (object element in value.Elements)
            Element(element);
        return this;
    }

    public GgufWriter Entry(string key, object value) => Entry(key, AnyValue.Scalar(value));

    public GgufWriter Tensor(string name, params ulong[] shape) => TypedTensor(name, type: 0, shape);

    public GgufWriter TypedTensor(string name, int type, params ulong[] shape)
    {
        Text(name);
        _bytes.AddRange(BitConverter.GetBytes((uint)shape.Length));
        foreach (ulong dimension in shape)
            _bytes.AddRange(BitConverter.GetBytes(dimension));
        Number(type);
        _bytes.AddRange(BitConverter.GetBytes(0UL));
        return this;
    }

    public GgufWriter Text(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        _bytes.AddRange(BitConverter.GetBytes((ulong)bytes.Length));
        _bytes.AddRange(bytes);
        return this;
    }

    public GgufWriter Number(int number)
    {
        _bytes.AddRange(BitConverter.GetBytes(number));
        return this;
    }

    public GgufWriter Number(ulong number)
    {
        _bytes.AddRange(BitConverter.GetBytes(number));
        return this;
    }

    private void Element(object value)
    {
        switch (value)
        {
            case byte one: _bytes.Add(one); break;
            case sbyte one: _bytes.Add((byte)one); break;
            case ushort one: _bytes.AddRange(BitConverter.GetBytes(one)); break;
            case short one: _bytes.AddRange(BitConverter.GetBytes(one)); break;
            case uint one: _bytes.AddRange(BitConverter.GetBytes(one)); break;
            case int one: _bytes.AddRange(BitConverter.GetBytes(one)); break;
            case float one: _bytes.AddRange(BitConverter.GetBytes(one)); break;
            case bool one: _bytes.Add(one ? (byte)1 : (byte)0); break;
            case ulong one: _bytes.AddRange(BitConverter.GetBytes(one)); break;
            case long one: _bytes.AddRange(BitConverter.GetBytes(one)); break;
            case double one: _bytes.AddRange(BitConverter.GetBytes(one)); break;
            case string one: Text(one); break;
            default: throw new NotSupportedException($"GGUF has no {value.GetType()}.");
        }
    }
}
