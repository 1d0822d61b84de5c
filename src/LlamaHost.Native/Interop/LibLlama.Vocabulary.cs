using System.Runtime.InteropServices;

namespace LlamaHost.Native.Interop;

/// <summary>Imports of <c>llama.h</c>: vocabulary and tokenisation. A vocabulary is owned by its model.</summary>
internal static unsafe partial class LibLlama
{
    [LibraryImport(Name)]
    public static partial int llama_vocab_type(nint vocabulary);

    [LibraryImport(Name)]
    public static partial int llama_vocab_n_tokens(nint vocabulary);

    [LibraryImport(Name)]
    public static partial int llama_vocab_get_attr(nint vocabulary, int token);

    [LibraryImport(Name)]
    public static partial float llama_vocab_get_score(nint vocabulary, int token);

    [LibraryImport(Name)]
    public static partial byte* llama_vocab_get_text(nint vocabulary, int token);

    [LibraryImport(Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_vocab_is_eog(nint vocabulary, int token);

    [LibraryImport(Name)]
    public static partial int llama_vocab_bos(nint vocabulary);

    [LibraryImport(Name)]
    public static partial int llama_vocab_eos(nint vocabulary);

    [LibraryImport(Name)]
    public static partial int llama_vocab_eot(nint vocabulary);

    [LibraryImport(Name)]
    public static partial int llama_vocab_pad(nint vocabulary);

    [LibraryImport(Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_vocab_get_add_bos(nint vocabulary);

    [LibraryImport(Name)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_vocab_get_add_eos(nint vocabulary);

    [LibraryImport(Name)]
    public static partial int llama_tokenize(nint vocabulary, byte* text, int textLength, int* tokens, int capacity,
        [MarshalAs(UnmanagedType.U1)] bool addSpecial, [MarshalAs(UnmanagedType.U1)] bool parseSpecial);

    [LibraryImport(Name)]
    public static partial int llama_token_to_piece(nint vocabulary, int token, byte* buffer, int length, int leadingSpacesToSkip,
        [MarshalAs(UnmanagedType.U1)] bool special);

    [LibraryImport(Name)]
    public static partial int llama_detokenize(nint vocabulary, int* tokens, int count, byte* text, int capacity,
        [MarshalAs(UnmanagedType.U1)] bool removeSpecial, [MarshalAs(UnmanagedType.U1)] bool unparseSpecial);
}
