namespace LlamaHost.Engine.Requests;

/// <summary>What a loaded model is and what the engine can do with it.</summary>
public sealed record ModelDescription
{
    /// <summary>Architecture as in the GGUF metadata, such as <c>llama</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>llama.cpp's one-line description: size class and quantisation.</summary>
    public required string Description { get; init; }

    /// <summary>Number of token ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Most tokens of one sequence, prompt and continuation together.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Context length the model was trained with.</summary>
    public required int TrainedContextLength { get; init; }

    /// <summary>KV cells that all sequences share; at least <see cref="ContextLength"/>.</summary>
    public required int KvCells { get; init; }

    /// <summary>Most sequences computed at the same time.</summary>
    public required int MaxSequences { get; init; }

    /// <summary>The model's end-of-sequence ids: its own <c>eos</c>, not llama.cpp's guessed end-of-generation set.</summary>
    public required IReadOnlyList<int> EosTokenIds { get; init; }

    /// <summary>Begin-of-sequence id, or <see langword="null"/>.</summary>
    public int? BosTokenId { get; init; }

    /// <summary>Whether the model's tokenizer begins texts with <see cref="BosTokenId"/>.</summary>
    public bool AddsBosToken { get; init; }

    /// <summary>Tokens that are never part of a text, but for what a chat template writes, with their names. In the order of their ids.</summary>
    public IReadOnlyList<ControlToken> ControlTokens { get; init; } = [];

    /// <summary>Padding id, or <see langword="null"/>.</summary>
    public int? PadTokenId { get; init; }

    /// <summary>Most tokens that its encoder reads at once; 0: it has no encoder.</summary>
    public int EncoderLength { get; init; }

    /// <summary>The token that an encoder-decoder model's decoder starts from, or <see langword="null"/>.</summary>
    public int? DecoderStartTokenId { get; init; }

    /// <summary>Whether it continues texts; else it only makes embeddings.</summary>
    public bool CanGenerate { get; init; } = true;

    /// <summary>The embeddings that it makes; <see langword="null"/>: it makes none.</summary>
    public EmbeddingDescription? Embedding { get; init; }

    /// <summary>Number of weights.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>Bytes of all tensors.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Version of the loaded llama.cpp library.</summary>
    public required string NativeVersion { get; init; }

    /// <summary>Which compute backend and devices hold the model, such as <c>CPU (libggml-cpu-zen4.so)</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>Where it is, and how much memory it takes; <see langword="null"/>: unknown.</summary>
    public ModelPlacement? Placement { get; init; }
}

/// <summary>A token that is never part of a text.</summary>
/// <param name="Id">Token id.</param>
/// <param name="Text">Its name, such as <c>&lt;|im_end|&gt;</c>; not empty.</param>
/// <param name="EndsTurn">
/// Whether it ends what the model says in a conversation, as far as llama.cpp knows (<c>llama_vocab_is_eog</c>): more tokens than the end of
/// sequence.
/// </param>
public readonly record struct ControlToken(int Id, string Text, bool EndsTurn);
