using LlamaHost.Engine.Constraints;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Generation.Beams;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Sampling;
using LlamaHost.Engine.Speculation;
using LlamaHost.Grammars.Matching;

namespace LlamaHost.Engine.Generation;

/// <summary>A request that the engine works on: what its sequences have in common.</summary>
internal sealed class EngineRequest
{
    /// <param name="request">Valid.</param>
    /// <param name="model">The model that continues it.</param>
    /// <param name="tokenizer">Its vocabulary.</param>
    /// <param name="arrival">Its arrival number.</param>
    /// <param name="submitted">Timestamp of its arrival.</param>
    /// <param name="lookup">How tokens are guessed if the request does not say.</param>
    /// <param name="grammar">Of the request's grammar, if it has one.</param>
    public EngineRequest(
        GenerationRequest request, ModelDescription model, ITokenizer tokenizer, long arrival, long submitted, PromptLookupSettings? lookup,
        GrammarMatcher? grammar = null)
    {
        Request = request;
        Tokenizer = tokenizer;
        Submitted = submitted;
        EosTokens = [.. request.Stop.EosTokenIds ?? model.EosTokenIds];
        Prompt = [.. request.PromptTokens];
        Source = request.EncoderTokens.Count > 0 ? [.. request.EncoderTokens] : Prompt;
        if (request.Sampling.GuidanceScale != 1)
            GuidancePrompt = request.Sampling.NegativePromptTokens is { Count: > 0 } negative ? [.. negative] : [Prompt[^1]];
        // Of what comes of several sequences together, no token can be verified alone.
        if ((request.PromptLookup ?? lookup) is { } settings && request is { Beams: null, Continuations: null } && GuidancePrompt is null)
            Lookup = new PromptLookup(settings.MaxTokens, settings.MaxMatchingNgramSize, Prompt, Prompt.Length + request.Stop.MaxNewTokens);
        if (grammar is not null)
            Constraint = new GrammarConstraint(grammar, EosTokens, [.. request.Stop.StopTokenIds]);
        PromptText = new SequenceText(this);
        Pipeline = new SamplingPipeline(new PipelineContext(
            request.Sampling,
            request.Stop.MinNewTokens,
            request.Stop.MaxNewTokens,
            EosTokens,
            [.. request.Stop.StopTokenIds],
            IsBeamSearch: request.Beams is not null,
            model.VocabularySize));
        Work = request switch
        {
            { Continuations: not null } => new ScoringWork(this, arrival),
            { Beams: not null } => new BeamSearchWork(this, arrival),
            _ => new IndependentSequences(this, arrival),
        };
    }

    public GenerationRequest Request { get; }

    /// <summary>The model's vocabulary.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>What its sequences' text must match; <see langword="null"/>: nothing.</summary>
    public GrammarConstraint? Constraint { get; }

    /// <summary>The state of the text after the prompt, that every continuation starts from.</summary>
    public SequenceText PromptText { get; }

    /// <summary>Processors and warpers. Used by the engine's thread alone.</summary>
    public SamplingPipeline Pipeline { get; }

    /// <summary>Token ids of the prompt.</summary>
    public int[] Prompt { get; }

    /// <summary>Token ids of the text that is continued or answered: the encoder's, or the prompt of a model without encoder.</summary>
    public int[] Source { get; }

    /// <summary>Token ids that guidance leads away from, or <see langword="null"/>: no guidance.</summary>
    public int[]? GuidancePrompt { get; }

    /// <summary>Guesses tokens from the prompt; each sequence starts from a copy. <see langword="null"/>: none are guessed.</summary>
    public PromptLookup? Lookup { get; }

    /// <summary>End-of-sequence ids in force.</summary>
    public int[] EosTokens { get; }

    public long Submitted { get; }

    /// <summary>When its first token was first put into a batch, or 0.</summary>
    public long Started { get; set; }

    /// <summary>What becomes of its logits.</summary>
    public IRequestWork Work { get; }
}
