using System.Buffers;
using System.Text;
using LlamaHost.Native.Interop;

namespace LlamaHost.Native;

/// <summary>A model's tokens. Thread-safe. Not usable after the model is disposed.</summary>
public sealed unsafe class LlamaVocabulary
{
    internal LlamaVocabulary(LlamaModelHandle model)
    {
        Handle = new LlamaVocabularyHandle(model);
        Type = (VocabularyType)LibLlama.llama_vocab_type(Handle);
        Count = LibLlama.llama_vocab_n_tokens(Handle);
    }

    /// <summary>The kind of tokenizer.</summary>
    public VocabularyType Type { get; }

    /// <summary>Number of token ids.</summary>
    public int Count { get; }

    /// <summary>Begin-of-sequence token, or <see langword="null"/>.</summary>
    public int? BeginOfSequence => TokenOrNull(LibLlama.llama_vocab_bos(Handle));

    /// <summary>End-of-sequence token, or <see langword="null"/>.</summary>
    public int? EndOfSequence => TokenOrNull(LibLlama.llama_vocab_eos(Handle));

    /// <summary>End-of-turn token (given or guessed by llama.cpp), or <see langword="null"/>.</summary>
    public int? EndOfTurn => TokenOrNull(LibLlama.llama_vocab_eot(Handle));

    /// <summary>Padding token, or <see langword="null"/>.</summary>
    public int? Padding => TokenOrNull(LibLlama.llama_vocab_pad(Handle));

    /// <summary>Whether texts get a begin-of-sequence token.</summary>
    public bool AddsBeginOfSequence => LibLlama.llama_vocab_get_add_bos(Handle);

    /// <summary>Whether texts get an end-of-sequence token.</summary>
    public bool AddsEndOfSequence => LibLlama.llama_vocab_get_add_eos(Handle);

    internal LlamaVocabularyHandle Handle { get; }

    /// <summary>What kind of token it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public TokenAttributes Attributes(int token) => (TokenAttributes)LibLlama.llama_vocab_get_attr(Handle, Checked(token));

    /// <summary>The token as it stands in the vocabulary, in the tokenizer's own spelling.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public string Text(int token) => Utf8.String(LibLlama.llama_vocab_get_text(Handle, Checked(token)));

    /// <summary>The token's score (SentencePiece: log-probability).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public float Score(int token) => LibLlama.llama_vocab_get_score(Handle, Checked(token));

    /// <summary>Whether llama.cpp takes it for an end of generation: a set that it guesses, wider than the model's own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public bool IsEndOfGeneration(int token) => LibLlama.llama_vocab_is_eog(Handle, Checked(token));

    /// <summary>Token ids of a text.</summary>
    /// <param name="text">Text; a lone surrogate counts as U+FFFD.</param>
    /// <param name="addSpecial">Add begin and end tokens as the model wants them.</param>
    /// <param name="parseSpecial">Recognise special tokens written in the text.</param>
    /// <exception cref="ArgumentException">The text is too long to be tokenised (2³¹ bytes).</exception>
    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial)
    {
        byte[] utf8 = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        int[] tokens = ArrayPool<int>.Shared.Rent(text.Length + 8);
        try
        {
            int length = Encoding.UTF8.GetBytes(text, utf8);
            int count = Tokenize(utf8.AsSpan(0, length), tokens, addSpecial, parseSpecial);
            if (count < 0)
            {
                ArrayPool<int>.Shared.Return(tokens);
                tokens = ArrayPool<int>.Shared.Rent(-count);
                count = Tokenize(utf8.AsSpan(0, length), tokens, addSpecial, parseSpecial);
            }
            return tokens[..count];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(utf8);
            ArrayPool<int>.Shared.Return(tokens);
        }
    }

    /// <summary>Token ids of a UTF-8 text. Returns their number, or minus the number if the buffer is too small.</summary>
    /// <exception cref="ArgumentException">The text is too long to be tokenised (2³¹ tokens).</exception>
    public int Tokenize(ReadOnlySpan<byte> utf8, Span<int> tokens, bool addSpecial, bool parseSpecial)
    {
        int count;
        fixed (byte* text = utf8)
        fixed (int* buffer = tokens)
            count = LibLlama.llama_tokenize(Handle, text, utf8.Length, buffer, tokens.Length, addSpecial, parseSpecial);
        return count == int.MinValue ? throw new ArgumentException("The text is too long to be tokenised.", nameof(utf8)) : count;
    }

    /// <summary>
    /// Bytes that a token stands for inside a text, special tokens by their names. Returns their number, or minus the number if the buffer is too
    /// small.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public int Piece(int token, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
            return LibLlama.llama_token_to_piece(Handle, Checked(token), start, buffer.Length, leadingSpacesToSkip: 0, special: true);
    }

    /// <summary>Text of tokens as llama.cpp puts it together (<c>llama_detokenize</c>).</summary>
    /// <param name="tokens">Token ids.</param>
    /// <param name="removeSpecial">Leave out the begin and end tokens that tokenisation adds.</param>
    /// <param name="renderSpecial">Write special tokens by their names.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public byte[] Detokenize(ReadOnlySpan<int> tokens, bool removeSpecial, bool renderSpecial)
    {
        foreach (int token in tokens)
            Checked(token);
        var text = new byte[tokens.Length * 8 + 16];
        int length = Detokenize(tokens, text, removeSpecial, renderSpecial);
        if (length < 0)
        {
            text = new byte[-length];
            length = Detokenize(tokens, text, removeSpecial, renderSpecial);
        }
        return text[..length];
    }

    private int Detokenize(ReadOnlySpan<int> tokens, Span<byte> text, bool removeSpecial, bool renderSpecial)
    {
        fixed (int* ids = tokens)
        fixed (byte* start = text)
            return LibLlama.llama_detokenize(Handle, ids, tokens.Length, start, text.Length, removeSpecial, renderSpecial);
    }

    private static int? TokenOrNull(int token) => token >= 0 ? token : null;

    // llama.cpp asserts, which ends the process, or reads out of bounds.
    private int Checked(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, Count);
        return token;
    }
}
