namespace LlamaHost.Gguf;

/// <summary>Weights are stored in blocks of a fixed number of elements: ggml's <c>type_traits</c>, and <c>ggml-common.h</c> for the sizes.</summary>
/// <param name="Elements">Elements of a block.</param>
/// <param name="Bytes">Bytes of a block.</param>
public readonly record struct GgmlBlock(int Elements, int Bytes)
{
    /// <summary>The block of a type, by its number in <c>enum ggml_type</c>; of an unknown one, that of 32-bit floats.</summary>
    public static GgmlBlock Of(int type) => type switch
    {
        0 => new(1, 4), // F32
        1 => new(1, 2), // F16
        2 => new(32, 18), // Q4_0
        3 => new(32, 20), // Q4_1
        6 => new(32, 22), // Q5_0
        7 => new(32, 24), // Q5_1
        8 => new(32, 34), // Q8_0
        9 => new(32, 36), // Q8_1
        10 => new(256, 84), // Q2_K
        11 => new(256, 110), // Q3_K
        12 => new(256, 144), // Q4_K
        13 => new(256, 176), // Q5_K
        14 => new(256, 210), // Q6_K
        15 => new(256, 292), // Q8_K
        16 => new(256, 66), // IQ2_XXS
        17 => new(256, 74), // IQ2_XS
        18 => new(256, 98), // IQ3_XXS
        19 => new(256, 50), // IQ1_S
        20 => new(32, 18), // IQ4_NL
        21 => new(256, 110), // IQ3_S
        22 => new(256, 82), // IQ2_S
        23 => new(256, 136), // IQ4_XS
        24 => new(1, 1), // I8
        25 => new(1, 2), // I16
        26 => new(1, 4), // I32
        27 or 28 => new(1, 8), // I64, F64
        29 => new(256, 56), // IQ1_M
        30 => new(1, 2), // BF16
        34 => new(256, 54), // TQ1_0
        35 => new(256, 66), // TQ2_0
        39 => new(32, 17), // MXFP4
        40 => new(64, 36), // NVFP4
        41 => new(128, 18), // Q1_0
        42 => new(64, 18), // Q2_0
        _ => new(1, 4),
    };

    /// <summary>Bytes of so many elements; a started block counts.</summary>
    public long BytesFor(long elements) => (elements + Elements - 1) / Elements * Bytes;
}
