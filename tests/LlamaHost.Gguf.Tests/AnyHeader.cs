using CsCheck;

namespace LlamaHost.Gguf.Tests;

/// <summary>A metadata value of any type.</summary>
/// <param name="Type">Its type.</param>
/// <param name="ElementType">The elements' type, if it is an array.</param>
/// <param name="Elements">The elements, or the one value.</param>
internal sealed record AnyValue(GgufType Type, GgufType ElementType, IReadOnlyList<object> Elements)
{
    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 0, 20],
        Gen.String[Gen.Char['\u00a1', '\u2fff'], 0, 20],
        // Longer than the reader's buffer.
        Gen.Int[65_000, 200_000].Select(length => new string('x', length)));

    private static readonly (GgufType Type, Gen<object> Values)[] Scalars =
    [
        (GgufType.UInt8, Gen.Byte.Select(value => (object)value)),
        (GgufType.Int8, Gen.SByte.Select(value => (object)value)),
        (GgufType.UInt16, Gen.UShort.Select(value => (object)value)),
        (GgufType.Int16, Gen.Short.Select(value => (object)value)),
        (GgufType.UInt32, Gen.UInt.Select(value => (object)value)),
        (GgufType.Int32, Gen.Int.Select(value => (object)value)),
        (GgufType.Float32, Gen.Float.Select(value => (object)value)),
        (GgufType.Bool, Gen.Bool.Select(value => (object)value)),
        (GgufType.String, AnyText.Select(value => (object)value)),
        (GgufType.UInt64, Gen.ULong.Select(value => (object)value)),
        (GgufType.Int64, Gen.Long.Select(value => (object)value)),
        (GgufType.Float64, Gen.Double.Select(value => (object)value)),
    ];

    public static Gen<AnyValue> Any { get; } =
        from kind in Gen.Int[0, Scalars.Length - 1]
        from isArray in Gen.Bool
        from elements in Scalars[kind].Values.Array[isArray ? 0 : 1, isArray ? 5 : 1]
        select isArray ? new AnyValue(GgufType.Array, Scalars[kind].Type, elements) : new AnyValue(Scalars[kind].Type, default, elements);

    /// <summary>What the reader is to make of it.</summary>
    public object Expected => Type == GgufType.Array ? new GgufArray(ElementType, Elements.Count) : Elements[0];

    public static AnyValue Scalar(object value)
    {
        GgufType type = value switch
        {
            string => GgufType.String,
            bool => GgufType.Bool,
            uint => GgufType.UInt32,
            int => GgufType.Int32,
            ulong => GgufType.UInt64,
            _ => throw new NotSupportedException($"Say here which type {value.GetType()} is written as."),
        };
        return new AnyValue(type, default, [value]);
    }
}

/// <summary>A sound header with anything in it.</summary>
internal sealed record AnyHeader(uint Version, IReadOnlyList<KeyValuePair<string, AnyValue>> Entries, IReadOnlyList<ulong[]> Tensors)
{
    public static Gen<AnyHeader> Any { get; } =
        from version in Gen.UInt[2, 3]
        from values in AnyValue.Any.Array[0, 8]
        from tensors in Gen.ULong[0, 1000].Array[0, 4].Array[0, 5]
        select new AnyHeader(version, [.. values.Select((value, index) => KeyValuePair.Create($"key.{index}", value))], tensors);
}
