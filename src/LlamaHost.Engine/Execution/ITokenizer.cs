namespace LlamaHost.Engine.Execution;

/// <summary>A model's vocabulary. Thread-safe.</summary>
public interface ITokenizer
{
    /// <summary>Number of token ids.</summary>
    int VocabularySize { get; }

    /// <summary>Token ids of a text, exactly as Hugging Face's tokenizer of the same model gives them.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="addSpecial">Add begin and end tokens as the model wants them.</param>
    /// <param name="parseSpecial">Recognise special tokens written in the text.</param>
    int[] Tokenize(string text, bool addSpecial, bool parseSpecial);

    /// <summary>
    /// Bytes (UTF-8, possibly part of a character) that the token stands for inside a text; empty for an id without text.
    /// A special token's name is its bytes. The leading space of SentencePiece words is kept.
    /// </summary>
    ReadOnlySpan<byte> Piece(int token);

    /// <summary>Whether <c>skip_special_tokens</c> leaves the token out: control tokens and unknown, not user-defined words.</summary>
    bool IsSpecial(int token);

    /// <summary>
    /// Whether the token is one raw byte of SentencePiece's byte fallback. Decoding takes a run of such tokens as a whole: it is text if all of it is
    /// valid UTF-8, else one U+FFFD per byte (Hugging Face tokenizers: <c>ByteFallback</c>). Always false for byte-level BPE.
    /// </summary>
    bool IsByte(int token);

    /// <summary>
    /// Whether decoding drops one leading space of the first token that has text (SentencePiece with a space prefix).
    /// </summary>
    bool StripsLeadingSpace { get; }
}
