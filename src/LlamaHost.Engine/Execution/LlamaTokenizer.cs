using LlamaHost.Native;

namespace LlamaHost.Engine.Execution;

/// <summary>
/// A GGUF model's vocabulary. Pieces are copied once, when the model is loaded: one array of bytes and one of offsets, so that asking for one costs
/// an index, whichever thread asks.
/// </summary>
public sealed class LlamaTokenizer : ITokenizer
{
    private readonly LlamaVocabulary _vocabulary;
    private readonly byte[] _pieces;
    private readonly int[] _offsets;
    private readonly Kind[] _kinds;

    /// <summary>Copies what the model's vocabulary holds.</summary>
    public LlamaTokenizer(LlamaModel model)
    {
        _vocabulary = model.Vocabulary;
        bool isSentencePiece = _vocabulary.Type is VocabularyType.SentencePiece or VocabularyType.Unigram;
        // llama.cpp's default where the key is missing (llama_vocab::impl::load).
        StripsLeadingSpace = isSentencePiece && model.Metadata["tokenizer.ggml.add_space_prefix"] is null or "true";
        (_pieces, _offsets) = CopyPieces(_vocabulary);
        _kinds = new Kind[_vocabulary.Count];
        for (int token = 0; token < _kinds.Length; token++)
        {
            TokenAttributes attributes = _vocabulary.Attributes(token);
            if ((attributes & (TokenAttributes.Control | TokenAttributes.Unknown)) != 0)
                _kinds[token] |= Kind.Special;
            if (isSentencePiece && (attributes & TokenAttributes.Byte) != 0)
                _kinds[token] |= Kind.Byte;
        }
    }

    [Flags]
    private enum Kind : byte
    {
        Text = 0,
        Special = 1,
        Byte = 2,
    }

    /// <inheritdoc/>
    public int VocabularySize => _kinds.Length;

    /// <inheritdoc/>
    public bool StripsLeadingSpace { get; }

    /// <inheritdoc/>
    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial) => _vocabulary.Tokenize(text, addSpecial, parseSpecial);

    /// <inheritdoc/>
    public ReadOnlySpan<byte> Piece(int token) => _pieces.AsSpan(_offsets[token].._offsets[token + 1]);

    /// <inheritdoc/>
    public bool IsSpecial(int token) => (_kinds[token] & Kind.Special) != 0;

    /// <inheritdoc/>
    public bool IsByte(int token) => (_kinds[token] & Kind.Byte) != 0;

    private static (byte[] Pieces, int[] Offsets) CopyPieces(LlamaVocabulary vocabulary)
    {
        var offsets = new int[vocabulary.Count + 1];
        var pieces = new byte[vocabulary.Count * 8];
        int end = 0;
        for (int token = 0; token < vocabulary.Count; token++)
        {
            offsets[token] = end;
            int length = vocabulary.Piece(token, pieces.AsSpan(end));
            if (length < 0)
            {
                Array.Resize(ref pieces, Math.Max(pieces.Length * 2, end - length));
                length = vocabulary.Piece(token, pieces.AsSpan(end));
            }
            end += length;
        }
        offsets[^1] = end;
        return (pieces[..end], offsets);
    }
}
