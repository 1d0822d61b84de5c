using System.Runtime.InteropServices;

namespace LlamaHost.Native.Interop;

/// <summary>Imports of <c>llama.h</c>: the grammar sampler. All other sampling is managed code.</summary>
internal static unsafe partial class LibLlama
{
    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial LlamaSamplerHandle llama_sampler_init_grammar(LlamaVocabularyHandle vocabulary, string grammar, string root);

    [LibraryImport(Name)]
    public static partial LlamaSamplerHandle llama_sampler_clone(LlamaSamplerHandle sampler);

    [LibraryImport(Name)]
    public static partial void llama_sampler_free(nint sampler);

    [LibraryImport(Name)]
    public static partial void llama_sampler_accept(LlamaSamplerHandle sampler, int token);

    [LibraryImport(Name)]
    public static partial void llama_sampler_apply(LlamaSamplerHandle sampler, llama_token_data_array* candidates);

    [LibraryImport(Name)]
    public static partial void llama_sampler_reset(LlamaSamplerHandle sampler);
}
