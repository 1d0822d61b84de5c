namespace LlamaHost.Runtime.Catalogue;

/// <summary>Type of a GGUF metadata value, with the numbers of the format (ggml's <c>gguf_type</c>).</summary>
internal enum GgufType
{
    UInt8 = 0,
    Int8 = 1,
    UInt16 = 2,
    Int16 = 3,
    UInt32 = 4,
    Int32 = 5,
    Float32 = 6,
    Bool = 7,
    String = 8,
    Array = 9,
    UInt64 = 10,
    Int64 = 11,
    Float64 = 12,
}

/// <summary>An array of the metadata. Its elements (mostly the vocabulary) are not kept.</summary>
/// <param name="ElementType">Type of each element; never an array.</param>
/// <param name="Count">Number of elements.</param>
internal readonly record struct GgufArray(GgufType ElementType, long Count);

/// <summary>The file is not a GGUF file that can be read: the message says what is wrong, to follow the file's name.</summary>
internal sealed class InvalidGgufException(string message) : Exception(message);
