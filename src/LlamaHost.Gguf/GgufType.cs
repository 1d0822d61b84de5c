namespace LlamaHost.Gguf;

#pragma warning disable CA1720 // The names are those of the format.

/// <summary>Type of a GGUF metadata value, with the numbers of the format (ggml's <c>gguf_type</c>).</summary>
public enum GgufType
{
    /// <summary>8 bits, unsigned.</summary>
    UInt8 = 0,

    /// <summary>8 bits, signed.</summary>
    Int8 = 1,

    /// <summary>16 bits, unsigned.</summary>
    UInt16 = 2,

    /// <summary>16 bits, signed.</summary>
    Int16 = 3,

    /// <summary>32 bits, unsigned.</summary>
    UInt32 = 4,

    /// <summary>32 bits, signed.</summary>
    Int32 = 5,

    /// <summary>32-bit float.</summary>
    Float32 = 6,

    /// <summary>A byte, 0 or 1.</summary>
    Bool = 7,

    /// <summary>UTF-8 with its length.</summary>
    String = 8,

    /// <summary>Values of one type with their number.</summary>
    Array = 9,

    /// <summary>64 bits, unsigned.</summary>
    UInt64 = 10,

    /// <summary>64 bits, signed.</summary>
    Int64 = 11,

    /// <summary>64-bit float.</summary>
    Float64 = 12,
}

/// <summary>An array of the metadata. Its elements (mostly the vocabulary) are not kept.</summary>
/// <param name="ElementType">Type of each element; never an array.</param>
/// <param name="Count">Number of elements.</param>
public readonly record struct GgufArray(GgufType ElementType, long Count);

/// <summary>The file is not a GGUF file that can be read: the message says what is wrong, to follow the file's name.</summary>
public sealed class InvalidGgufException(string message) : Exception(message);
