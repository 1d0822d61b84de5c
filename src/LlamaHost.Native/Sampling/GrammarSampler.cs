using System.Buffers;
using LlamaHost.Native.Interop;
using LlamaHost.Native.Loading;

namespace LlamaHost.Native;

/// <summary>Tells which tokens may follow in a text that has to obey a GBNF grammar. Used by one thread at a time.</summary>
public sealed unsafe class GrammarSampler : IDisposable
{
    private readonly LlamaVocabulary _vocabulary;
    private readonly LlamaSamplerHandle _handle;

    private GrammarSampler(LlamaVocabulary vocabulary, LlamaSamplerHandle handle)
    {
        _vocabulary = vocabulary;
        _handle = handle;
        _handle.DependOn(vocabulary.Handle);
    }

    /// <summary>Parses a grammar.</summary>
    /// <param name="model">The model whose tokens are to obey it.</param>
    /// <param name="grammar">GBNF rules.</param>
    /// <param name="root">Name of the rule to start with.</param>
    /// <exception cref="LlamaException">It is not a grammar (llama.cpp prints where to the standard error stream only).</exception>
    public static GrammarSampler Parse(LlamaModel model, string grammar, string root = "root")
    {
        // llama.cpp takes an empty text for "no grammar", which would then allow everything.
        ArgumentException.ThrowIfNullOrWhiteSpace(grammar);
        using ComplaintLog complaints = model.Runtime.ListenForComplaints();
        LlamaSamplerHandle handle = LibLlama.llama_sampler_init_grammar(model.Vocabulary.Handle, grammar, root);
        if (!handle.IsInvalid)
            return new GrammarSampler(model.Vocabulary, handle);
        handle.Dispose();
        throw new LlamaException("The grammar can't be parsed", complaints.Lines);
    }

    /// <summary>Whether the token may come next.</summary>
    public bool Allows(int token)
    {
        bool allowed = false;
        Filter([token], new Span<bool>(ref allowed));
        return allowed;
    }

    /// <summary>Tells of each token whether it may come next.</summary>
    /// <param name="tokens">Token ids.</param>
    /// <param name="allowed">Gets the answers, in the same order.</param>
    public void Filter(ReadOnlySpan<int> tokens, Span<bool> allowed)
    {
        if (tokens.ContainsAnyExceptInRange(0, _vocabulary.Count - 1))
            throw new ArgumentOutOfRangeException(nameof(tokens));
        llama_token_data[] rented = ArrayPool<llama_token_data>.Shared.Rent(tokens.Length);
        try
        {
            for (int i = 0; i < tokens.Length; i++)
                rented[i] = new llama_token_data { id = tokens[i] };
            fixed (llama_token_data* candidates = rented)
            {
                var array = new llama_token_data_array { data = (nint)candidates, size = (nuint)tokens.Length, selected = -1 };
                LibLlama.llama_sampler_apply(_handle, &array);
            }
            // The grammar marks what it refuses in place, with minus infinity.
            for (int i = 0; i < tokens.Length; i++)
                allowed[i] = rented[i].logit == 0;
        }
        finally
        {
            ArrayPool<llama_token_data>.Shared.Return(rented);
        }
    }

    /// <summary>Goes on with the token if it may come next. Returns whether.</summary>
    public bool TryAccept(int token)
    {
        // Accepting a refused token throws in C++, which would end the process.
        if (!Allows(token))
            return false;
        LibLlama.llama_sampler_accept(_handle, token);
        return true;
    }

    /// <summary>Back to the start.</summary>
    public void Reset() => LibLlama.llama_sampler_reset(_handle);

    /// <summary>A second one at the same place in the grammar.</summary>
    public GrammarSampler Clone() => new(_vocabulary, LibLlama.llama_sampler_clone(_handle));

    /// <summary>Frees it.</summary>
    public void Dispose() => _handle.Dispose();
}
