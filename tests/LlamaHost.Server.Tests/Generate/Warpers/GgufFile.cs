using System.Runtime.InteropServices;
using System.Text;

namespace LlamaHost.Server.Tests.Generate.Warpers;

/// <summary>
/// A GGUF file of version 3 with F32 tensors: metadata, descriptions of the tensors, their data. Source: llama.cpp's <c>ggml/include/gguf.h</c>.
/// </summary>
internal sealed class GgufFile
{
    private const int Alignment = 32;

    private readonly List<(string Key, Action<BinaryWriter> Value)> _metadata = [];
    private readonly List<(string Name, long[] Shape, float[] Data)> _tensors = [];

    private enum ValueType
    {
        UInt32 = 4,
        Int32 = 5,
        Float32 = 6,
        Bool = 7,
        String = 8,
        Array = 9,
    }

    public GgufFile With(string key, uint value) => Add(key, ValueType.UInt32, file => file.Write(value));

    public GgufFile With(string key, float value) => Add(key, ValueType.Float32, file => file.Write(value));

    public GgufFile With(string key, bool value) => Add(key, ValueType.Bool, file => file.Write(value));

    public GgufFile With(string key, string value) => Add(key, ValueType.String, file => Write(file, value));

    public GgufFile With(string key, IReadOnlyList<string> values) => AddArray(key, ValueType.String, values, Write);

    public GgufFile With(string key, IReadOnlyList<int> values) => AddArray(key, ValueType.Int32, values, (file, value) => file.Write(value));

    /// <summary>Adds a tensor; <paramref name="columns"/> are what lies side by side in its data.</summary>
    public GgufFile WithTensor(string name, float[] data, int columns)
    {
        Assert.Equal(0, data.Length % columns);
        _tensors.Add((name, data.Length == columns ? [columns] : [columns, data.Length / columns], data));
        return this;
    }

    public void Save(string path)
    {
        using var file = new BinaryWriter(File.Create(path));
        file.Write("GGUF"u8);
        file.Write(3);
        file.Write((long)_tensors.Count);
        file.Write((long)_metadata.Count);
        foreach ((string key, Action<BinaryWriter> value) in _metadata)
        {
            Write(file, key);
            value(file);
        }
        long offset = 0;
        foreach ((string name, long[] shape, float[] data) in _tensors)
        {
            Write(file, name);
            file.Write(shape.Length);
            foreach (long dimension in shape)
                file.Write(dimension);
            // The type F32.
            file.Write(0);
            file.Write(offset);
            offset += Aligned(data.Length * sizeof(float));
        }
        foreach ((_, _, float[] data) in _tensors)
        {
            Pad(file);
            file.Write(MemoryMarshal.AsBytes<float>(data));
        }
        Pad(file);
    }

    private GgufFile AddArray<T>(string key, ValueType element, IReadOnlyList<T> values, Action<BinaryWriter, T> write) =>
        Add(key, ValueType.Array, file =>
        {
            file.Write((int)element);
            file.Write((long)values.Count);
            foreach (T value in values)
                write(file, value);
        });

    private GgufFile Add(string key, ValueType type, Action<BinaryWriter> value)
    {
        _metadata.Add((key, file =>
        {
            file.Write((int)type);
            value(file);
        }));
        return this;
    }

    private static void Write(BinaryWriter file, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        file.Write((long)bytes.Length);
        file.Write(bytes);
    }

    private static void Pad(BinaryWriter file) => file.Write(new byte[Aligned(file.BaseStream.Position) - file.BaseStream.Position]);

    private static long Aligned(long size) => (size + Alignment - 1) / Alignment * Alignment;
}
