namespace LlamaHost.Gguf;

/// <summary>
/// What a GGUF file says about its model before the weights begin. Source: ggml's <c>gguf.h</c>, versions 2 and 3, little endian; what ggml
/// refuses is refused here too.
/// </summary>
public sealed class GgufHeader
{
    private const uint Magic = 0x46554747;
    private const ulong MaxEntries = 65_536;
    private const ulong MaxTensors = 1_048_576;
    private const uint MaxDimensions = 4;
    private const string ChatTemplateKey = "tokenizer.chat_template";

    private readonly List<GgufTensor> _tensors = [];
    private readonly Dictionary<string, object> _metadata = new(StringComparer.Ordinal);

    private GgufHeader(uint version) => Version = version;

    /// <summary>Version of the format: 2 or 3.</summary>
    public uint Version { get; }

    /// <summary>The tensors of this file, in its order.</summary>
    public IReadOnlyList<GgufTensor> Tensors => _tensors;

    /// <summary>Number of weights in this file: the elements of all its tensors.</summary>
    public long ParameterCount { get; private set; }

    /// <summary>Every value by its key: a number, a <see cref="bool"/>, a <see cref="string"/>, or a <see cref="GgufArray"/>.</summary>
    public IReadOnlyDictionary<string, object> Metadata => _metadata;

    /// <summary>Architecture, such as <c>llama</c>.</summary>
    public string? Architecture => Text("general.architecture");

    /// <summary>The model's own name.</summary>
    public string? Name => Text("general.name");

    /// <summary>Quantisation, such as <c>Q4_1</c>.</summary>
    public string? Quantization => GgufFileType.Name(Integer("general.file_type"));

    /// <summary>Context length that the model was trained with.</summary>
    public int? ContextLength => ArchitectureInteger("context_length") is >= 0 and <= int.MaxValue and { } length ? (int)length : null;

    /// <summary>The model's chat template, Jinja text.</summary>
    public string? ChatTemplate => Text(ChatTemplateKey);

    /// <summary>Further chat templates of the model by name, such as <c>tool_use</c>.</summary>
    public IReadOnlyDictionary<string, string> NamedChatTemplates => _metadata
        .Where(entry => entry.Value is string && entry.Key.StartsWith(ChatTemplateKey + ".", StringComparison.Ordinal))
        .ToDictionary(entry => entry.Key[(ChatTemplateKey.Length + 1)..], entry => (string)entry.Value, StringComparer.Ordinal);

    /// <summary>
    /// False for what llama.cpp also keeps in GGUF files but is no model of its own: adapters, image encoders, importance matrices.
    /// </summary>
    public bool IsModel => Text("general.type") is null or "model" && Architecture is not "clip";

    /// <summary>Reads the file's header and nothing after it.</summary>
    /// <exception cref="InvalidGgufException">It is not a GGUF file, or a damaged one.</exception>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static GgufHeader Read(string path)
    {
        // The reader has its own buffer.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return Read(file);
    }

    /// <inheritdoc cref="Read(string)"/>
    public static GgufHeader Read(Stream stream)
    {
        var reader = new GgufByteReader(stream);
        if (reader.ReadUInt32() != Magic)
            throw new InvalidGgufException("is not a GGUF file");
        var header = new GgufHeader(ReadVersion(reader));
        ulong tensors = Bounded(reader.ReadUInt64(), MaxTensors, "tensors");
        ulong entries = Bounded(reader.ReadUInt64(), MaxEntries, "metadata entries");
        for (ulong i = 0; i < entries; i++)
            header.ReadEntry(reader);
        for (ulong i = 0; i < tensors; i++)
            header.ReadTensor(reader);
        return header;
    }

    /// <summary>A value of the architecture's own, such as <c>block_count</c>, if it is a whole number.</summary>
    public long? ArchitectureInteger(string key) => Integer($"{Architecture}.{key}");

    private static uint ReadVersion(GgufByteReader reader)
    {
        uint version = reader.ReadUInt32();
        return version switch
        {
            2 or 3 => version,
            // A small number with its bytes the other way round.
            not 0 when (version & 0xFFFF) == 0 => throw new InvalidGgufException("is a big-endian GGUF file; only little-endian ones can be used"),
            _ => throw new InvalidGgufException($"is a GGUF file of version {version}; only 2 and 3 can be used"),
        };
    }

    private static ulong Bounded(ulong count, ulong most, string what) =>
        count <= most ? count : throw new InvalidGgufException($"claims {count} {what}; it is damaged");

    private void ReadEntry(GgufByteReader reader)
    {
        string key = reader.ReadText();
        object value = ReadValue(reader, key);
        if (key.Length == 0 || !_metadata.TryAdd(key, value))
            throw new InvalidGgufException($"has {(key.Length == 0 ? "a metadata entry without a key" : $"'{key}' twice")}");
    }

    private static object ReadValue(GgufByteReader reader, string key) => (GgufType)reader.ReadInt32() switch
    {
        GgufType.UInt8 => reader.ReadByte(),
        GgufType.Int8 => (sbyte)reader.ReadByte(),
        GgufType.UInt16 => reader.ReadUInt16(),
        GgufType.Int16 => (short)reader.ReadUInt16(),
        GgufType.UInt32 => reader.ReadUInt32(),
        GgufType.Int32 => reader.ReadInt32(),
        GgufType.Float32 => reader.ReadSingle(),
        GgufType.Bool => reader.ReadByte() != 0,
        GgufType.String => reader.ReadText(),
        GgufType.Array => SkipArray(reader, key),
        GgufType.UInt64 => reader.ReadUInt64(),
        GgufType.Int64 => (long)reader.ReadUInt64(),
        GgufType.Float64 => reader.ReadDouble(),
        var unknown => throw UnknownType(unknown, key),
    };

    private static GgufArray SkipArray(GgufByteReader reader, string key)
    {
        var type = (GgufType)reader.ReadInt32();
        ulong count = reader.ReadUInt64();
        switch (type)
        {
            case GgufType.UInt8 or GgufType.Int8 or GgufType.Bool:
                reader.Skip(count, 1);
                break;
            case GgufType.UInt16 or GgufType.Int16:
                reader.Skip(count, 2);
                break;
            case GgufType.UInt32 or GgufType.Int32 or GgufType.Float32:
                reader.Skip(count, 4);
                break;
            case GgufType.UInt64 or GgufType.Int64 or GgufType.Float64:
                reader.Skip(count, 8);
                break;
            case GgufType.String:
                for (ulong i = 0; i < count; i++)
                    reader.SkipText();
                break;
            // As in ggml, arrays do not nest.
            default:
                throw UnknownType(type, key);
        }
        return new GgufArray(type, (long)count);
    }

    private void ReadTensor(GgufByteReader reader)
    {
        string name = reader.ReadText();
        uint dimensions = reader.ReadUInt32();
        if (dimensions > MaxDimensions)
            throw new InvalidGgufException($"has a tensor of {dimensions} dimensions; it is damaged");
        long[] shape = new long[dimensions];
        UInt128 elements = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            ulong dimension = reader.ReadUInt64();
            elements *= dimension;
            if (elements > (ulong)(long.MaxValue - ParameterCount) || dimension > long.MaxValue)
                throw new InvalidGgufException("has more weights than can be counted; it is damaged");
            shape[i] = (long)dimension;
        }
        ParameterCount += (long)elements;
        _tensors.Add(new GgufTensor(name, shape, reader.ReadInt32()));
        // Offset of the data.
        reader.Skip(1, sizeof(ulong));
    }

    private string? Text(string key) => _metadata.GetValueOrDefault(key) as string;

    private long? Integer(string key) => _metadata.GetValueOrDefault(key) switch
    {
        byte value => value,
        sbyte value => value,
        ushort value => value,
        short value => value,
        uint value => value,
        int value => value,
        long value => value,
        ulong value when value <= long.MaxValue => (long)value,
        _ => null,
    };

    private static InvalidGgufException UnknownType(GgufType type, string key) =>
        new($"has a value of unknown type {(int)type} for '{key}'; it is damaged or newer than this program");
}
