using System.Runtime.InteropServices;

namespace LlamaHost.Native.Interop;

/// <summary>Imports of <c>llama.h</c>: vocabulary and tokenisation.</summary>
internal static unsafe partial class LibLlama
{
    [LibraryImport(Name)]
    public static partial int llama_vocab_type(LlamaVocabularyHandle vocabulary);

    [LibraryImport(Name)]
    public static partial int llama_vocab_n_tokens(LlamaVocabularyHandle vocabulary);

    [LibraryImport(Name)]
    public static partial int llama_vocab_get_attr(LlamaVocabularyHandle vocabulary, int token);

    [LibraryImport(Name)]
    public static partial float llama_vocab_get_score(LlamaVocabularyHandle vocabulary, int token);

    [LibraryImport(Name)]
    public static partial byte* llama_vocab_get_text(LlamaVocabularyHandle vocabulary, int token);

    [LibraryImport(Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_vocab_is_eog(LlamaVocabularyHandle vocabulary, int token);

    [LibraryImport(Name)]
    public static partial int llama_vocab_bos(LlamaVocabularyHandle vocabulary);

    [LibraryImport(Name)]
    public static partial int llama_vocab_eos(LlamaVocabularyHandle vocabulary);

    [LibraryImport(Name)]
    public static partial int llama_vocab_eot(LlamaVocabularyHandle vocabulary);

    [LibraryImport(Name)]
    public static partial int llama_vocab_pad(LlamaVocabularyHandle vocabulary);

    [LibraryImport(Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_vocab_get_add_bos(LlamaVocabularyHandle vocabulary);

    [LibraryImport(Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_vocab_get_add_eos(LlamaVocabularyHandle vocabulary);

    [LibraryImport(Name)]
    public static partial int llama_tokenize(LlamaVocabularyHandle vocabulary, byte* text, int textLength, int* tokens, int capacity,
        [MarshalAs(UnmanagedType.U1)] bool addSpecial, [MarshalAs(UnmanagedType.U1)] bool parseSpecial);

    [LibraryImport(Name)]
    public static partial int llama_token_to_piece(LlamaVocabularyHandle vocabulary, int token, byte* buffer, int length, int leadingSpacesToSkip,
        [MarshalAs(UnmanagedType.U1)] bool special);

    [LibraryImport(Name)]
    public static partial int llama_detokenize(LlamaVocabularyHandle vocabulary, int* tokens, int count, byte* text, int capacity,
        [MarshalAs(UnmanagedType.U1)] bool removeSpecial, [MarshalAs(UnmanagedType.U1)] bool unparseSpecial);
}
