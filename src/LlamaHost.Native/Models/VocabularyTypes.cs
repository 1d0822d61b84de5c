namespace LlamaHost.Native;

/// <summary>Kinds of tokenizers (<c>enum llama_vocab_type</c>).</summary>
public enum VocabularyType
{
    /// <summary>The model has no vocabulary.</summary>
    None = 0,

    /// <summary>SentencePiece BPE with byte fallback (LLaMA).</summary>
    SentencePiece = 1,

    /// <summary>Byte-level BPE (GPT-2).</summary>
    BytePairEncoding = 2,

    /// <summary>WordPiece (BERT).</summary>
    WordPiece = 3,

    /// <summary>SentencePiece unigram (T5).</summary>
    Unigram = 4,

    /// <summary>Greedy (RWKV).</summary>
    Rwkv = 5,

    /// <summary>PLaMo-2.</summary>
    Plamo2 = 6,
}

/// <summary>Kinds of tokens (<c>enum llama_token_attr</c>).</summary>
[Flags]
public enum TokenAttributes
{
    /// <summary>Nothing is known.</summary>
    None = 0,

    /// <summary>Stands for what the vocabulary can't express.</summary>
    Unknown = 1 << 0,

    /// <summary>Not used.</summary>
    Unused = 1 << 1,

    /// <summary>Part of a text.</summary>
    Normal = 1 << 2,

    /// <summary>Special: not part of a text.</summary>
    Control = 1 << 3,

    /// <summary>A word added to the vocabulary.</summary>
    UserDefined = 1 << 4,

    /// <summary>One raw byte.</summary>
    Byte = 1 << 5,

    /// <summary>Matched in normalised text.</summary>
    Normalized = 1 << 6,

    /// <summary>Takes the whitespace before it.</summary>
    StripLeft = 1 << 7,

    /// <summary>Takes the whitespace after it.</summary>
    StripRight = 1 << 8,

    /// <summary>Matches whole words only.</summary>
    SingleWord = 1 << 9,
}
