using System.Globalization;
using LlamaHost.Engine.Requests;
using LlamaHost.Native;

namespace LlamaHost.Engine.Execution;

/// <summary>Says what a loaded model is.</summary>
internal static class LlamaModelDescription
{
    /// <param name="settings">How it is run.</param>
    /// <param name="context">Its context.</param>
    /// <param name="contextLength">Most tokens of a sequence.</param>
    /// <param name="backend">What computes, in a few words.</param>
    /// <param name="placement">Where it is, if that is known.</param>
    public static ModelDescription Of(
        EngineSettings settings, LlamaContext context, int contextLength, string backend, ModelPlacement? placement)
    {
        LlamaModel model = context.Model;
        // llama.cpp rounds the number of cells up; the length of a sequence stays what was asked for.
        int cells = context.ContextLength;
        return new ModelDescription
        {
            Architecture = model.Metadata["general.architecture"] ?? "unknown",
            Description = model.Description,
            VocabularySize = model.Vocabulary.Count,
            ContextLength = Math.Min(contextLength, cells),
            TrainedContextLength = model.TrainedContextLength,
            KvCells = cells,
            MaxSequences = settings.MaxSequences,
            EosTokenIds = EndOfSequence(model) is { } end ? [end] : [],
            BosTokenId = model.Vocabulary.BeginOfSequence,
            AddsBosToken = model.Vocabulary.AddsBeginOfSequence,
            ControlTokens = ControlTokens(model.Vocabulary),
            PadTokenId = model.Vocabulary.Padding,
            ParameterCount = model.ParameterCount,
            SizeBytes = model.SizeBytes,
            NativeVersion = model.Runtime.Version,
            Backend = backend,
            Placement = placement,
            EncoderLength = model.HasEncoder ? Math.Min(contextLength, context.MicroBatchTokens) : 0,
            CanGenerate = !LlamaEmbeddings.IsNonCausal(model, context.Memory.Exists),
            Embedding = LlamaEmbeddings.Describe(settings, model, context, contextLength),
            DecoderStartTokenId = model.HasEncoder ? model.DecoderStartToken ?? model.Vocabulary.BeginOfSequence ?? 0 : null,
        };
    }

    private static ControlToken[] ControlTokens(LlamaVocabulary vocabulary) =>
    [
        .. from token in Enumerable.Range(0, vocabulary.Count)
           where (vocabulary.Attributes(token) & (TokenAttributes.Control | TokenAttributes.Unknown)) != 0
           let text = vocabulary.Text(token)
           where text.Length > 0
           select new ControlToken(token, text, vocabulary.IsEndOfGeneration(token)),
    ];

    /// <summary>The id that the file gives; llama.cpp's default for the kind of vocabulary where it gives none.</summary>
    private static int? EndOfSequence(LlamaModel model) =>
        int.TryParse(model.Metadata["tokenizer.ggml.eos_token_id"], NumberStyles.None, CultureInfo.InvariantCulture, out int id)
        && id < model.Vocabulary.Count
            ? id
            : model.Vocabulary.EndOfSequence;
}
