using LlamaHost.Engine.Execution.Offload;
using LlamaHost.Engine.Requests;
using LlamaHost.Native;

namespace LlamaHost.Engine.Execution;

/// <summary>A model with its context.</summary>
internal sealed class LoadedModel : IDisposable
{
    // Larger trained contexts are common, and a KV cache for all of it would fill the memory of most machines.
    private const int DefaultContextLimit = 8192;

    private LoadedModel(LlamaModel model, LlamaContext context, int contextLength, LoadLayout layout)
    {
        Model = model;
        Context = context;
        ContextLength = contextLength;
        Layout = layout;
    }

    public LlamaModel Model { get; }

    public LlamaContext Context { get; }

    /// <summary>Most tokens of a sequence.</summary>
    public int ContextLength { get; }

    /// <summary>How it is laid out.</summary>
    public LoadLayout Layout { get; }

    /// <summary>The length of a sequence that the settings mean.</summary>
    public static int ContextLengthFor(EngineSettings settings, int trained) =>
        settings.ContextLength > 0 ? settings.ContextLength : Math.Min(trained, DefaultContextLimit);

    /// <summary>Loads it.</summary>
    /// <param name="settings">Which model, and how.</param>
    /// <param name="runtime">The library.</param>
    /// <param name="layout">Where.</param>
    /// <param name="threads">Most threads.</param>
    /// <param name="measureOnly">Load no weights, and allocate nothing: to see what memory it would take.</param>
    /// <param name="progress">Gets the loaded fraction.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    /// <exception cref="LlamaException">llama.cpp can't.</exception>
    /// <exception cref="ModelLoadException">It is a model that can't be served.</exception>
    public static LoadedModel Load(
        EngineSettings settings, LlamaRuntime runtime, LoadLayout layout, int threads, bool measureOnly, Action<float>? progress,
        CancellationToken cancellationToken)
    {
        LlamaModel model = LlamaModel.Load(runtime, settings.ModelPath, layout.ToModelOptions(measureOnly), progress, cancellationToken);
        try
        {
            ThrowIfUnsupported(model);
            int contextLength = ContextLengthFor(settings, model.TrainedContextLength);
            int cells = Math.Min(settings.KvCells > 0 ? settings.KvCells : contextLength, layout.Cells ?? int.MaxValue);
            contextLength = Math.Min(contextLength, layout.Cells ?? int.MaxValue);
            var context = new LlamaContext(model, ContextOptions(settings, model, layout, contextLength, cells, threads));
            return new LoadedModel(model, context, contextLength, layout);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Context.Dispose();
        Model.Dispose();
    }

    private static LlamaContextOptions ContextOptions(
        EngineSettings settings, LlamaModel model, LoadLayout layout, int contextLength, int cells, int threads)
    {
        // An encoder reads its text in one piece.
        int batchTokens = model.HasEncoder ? Math.Max(settings.BatchTokens, contextLength) : settings.BatchTokens;
        return new LlamaContextOptions
        {
            ContextLength = cells,
            BatchTokens = batchTokens,
            // The scheduler's step is the unit of work: one that were split could fail half way, with part of it in the cache.
            MicroBatchTokens = batchTokens,
            // One more than there are slots: what is saved and restored passes through it.
            MaxSequences = Math.Min(settings.MaxSequences + 1, model.Runtime.MaxSequences),
            Threads = threads,
            KeyType = settings.KvCacheTypeK.ToNative(),
            ValueType = settings.KvCacheTypeV.ToNative(),
            FlashAttention = settings.FlashAttention.ToNative(),
            OffloadKvCache = layout.Devices.Count > 0 && settings.Offload.OffloadKv,
            // Any sequence may use any cell, and a fork shares its prompt's cells instead of copying them.
            UnifiedKvCache = true,
        };
    }

    private static void ThrowIfUnsupported(LlamaModel model)
    {
        string? reason =
            model.Vocabulary.Type == VocabularyType.None ? "it has no vocabulary" :
            !model.HasDecoder ? "it has no decoder, so it can't generate" :
            model.IsDiffusion ? "diffusion models are not served" :
            model.IsRecurrent ? "its recurrent state can't be cut at a position, which sharing prompts between sequences needs" : null;
        if (reason is not null)
            throw new ModelLoadException("model_unsupported",
                $"The model's architecture {model.Metadata["general.architecture"]} can't be served: {reason}.");
    }
}
