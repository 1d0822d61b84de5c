using System.Text;
using LlamaHost.Engine.Execution;

namespace LlamaHost.Engine.Text;

/// <summary>Text of tokens that are all known.</summary>
public static class TokenText
{
    /// <summary>The tokens' text as Hugging Face's tokenizers decode it. Every id must be in the vocabulary.</summary>
    /// <param name="tokenizer">The model's vocabulary.</param>
    /// <param name="tokens">Token ids.</param>
    /// <param name="skipSpecial">Leave special tokens out.</param>
    public static string Detokenize(this ITokenizer tokenizer, IEnumerable<int> tokens, bool skipSpecial)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentNullException.ThrowIfNull(tokens);
        var detokenizer = new StreamingDetokenizer(tokenizer, skipSpecial);
        var text = new StringBuilder();
        foreach (int token in tokens)
            text.Append(detokenizer.Push(token));
        return text.Append(detokenizer.Flush()).ToString();
    }

    /// <summary>A token's own text, incomplete characters as U+FFFD.</summary>
    public static string Name(this ITokenizer tokenizer, int token)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        return Encoding.UTF8.GetString(tokenizer.Piece(token));
    }
}
