using LlamaHost.Server.Errors;

namespace LlamaHost.Server.OpenAi.Completions;

/// <summary>The tokens by which a model is told what stands before and after the text that it shall fill in.</summary>
/// <param name="Prefix">Stands before what comes before.</param>
/// <param name="Suffix">Stands before what comes after.</param>
/// <param name="Middle">Stands where the model begins to write.</param>
internal sealed record FillInTheMiddle(int Prefix, int Suffix, int Middle)
{
    // Qwen, CodeGemma and others; StarCoder, Granite and others; Code Llama.
    private static readonly (string Prefix, string Suffix, string Middle)[] _spellings =
    [
        ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
        ("<fim_prefix>", "<fim_suffix>", "<fim_middle>"),
        ("<fim-prefix>", "<fim-suffix>", "<fim-middle>"),
        ("▁<PRE>", "▁<SUF>", "▁<MID>"),
    ];

    /// <summary>The model's tokens.</summary>
    /// <param name="tokenize">Ids of a text in which special tokens are recognised, without a begin token.</param>
    /// <exception cref="ApiException"><c>unsupported_by_model</c>: it has none.</exception>
    public static async Task<FillInTheMiddle> FindAsync(Func<string, Task<IReadOnlyList<int>>> tokenize)
    {
        foreach ((string prefix, string suffix, string middle) in _spellings)
        {
            // All three have to be tokens of their own, and different ones: an unknown text may be a single unknown token.
            if (await tokenize(prefix) is [var first] && await tokenize(suffix) is [var second] && await tokenize(middle) is [var third]
                && first != second && second != third && first != third)
            {
                return new FillInTheMiddle(first, second, third);
            }
        }
        throw ApiException.BadRequest(
            ErrorCodes.UnsupportedByModel, "suffix",
            "suffix can't be used with this model: its vocabulary has no tokens that mark a gap between two texts (fill-in-the-middle).");
    }

    /// <summary>The prompt in the order prefix, suffix, middle.</summary>
    /// <param name="begin">The model's begin token, if its tokenizer adds one.</param>
    /// <param name="before">Tokens of the text before the gap.</param>
    /// <param name="after">Tokens of the text after it.</param>
    public IReadOnlyList<int> Compose(IReadOnlyList<int> begin, IReadOnlyList<int> before, IReadOnlyList<int> after) =>
        [.. begin, Prefix, .. before, Suffix, .. after, Middle];
}
