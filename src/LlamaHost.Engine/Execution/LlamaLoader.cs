using System.Globalization;
using LlamaHost.Engine.Execution.Threads;
using LlamaHost.Engine.Requests;
using LlamaHost.Native;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Engine.Execution;

/// <summary>Makes a <see cref="LlamaExecutor"/> from settings, and says honestly why it can't.</summary>
internal static partial class LlamaLoader
{
    // Larger trained contexts are common, and a KV cache for all of it would fill the memory of most machines.
    private const int DefaultContextLimit = 8192;

    /// <param name="settings">Which model, and how.</param>
    /// <param name="progress">Gets the loaded fraction.</param>
    /// <param name="loggers">Gets llama.cpp's log, and changes of the thread count.</param>
    /// <param name="time">Times steps, for the thread count.</param>
    /// <param name="cancellationToken">Stops loading.</param>
    public static LlamaExecutor Load(
        EngineSettings settings, Action<float> progress, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!File.Exists(settings.ModelPath))
            throw new ModelLoadException("model_not_found", $"There is no model file {settings.ModelPath}.");
        // Freed in reverse order when a later step fails.
        LlamaRuntime? runtime = null;
        LlamaModel? model = null;
        LlamaContext? context = null;
        try
        {
            ILogger logger = loggers.CreateLogger<LlamaRuntime>();
            runtime = LlamaRuntime.Open(settings.NativeFolder, logger);
            if (settings.GpuLayers != 0 && !runtime.SupportsGpuOffload)
                LogNoGpu(logger, settings.GpuLayers, runtime.Folder);
            model = LlamaModel.Load(
                runtime, settings.ModelPath, new LlamaModelOptions { GpuLayers = settings.GpuLayers }, progress, cancellationToken);
            ThrowIfUnsupported(model);
            int contextLength = settings.ContextLength > 0 ? settings.ContextLength : Math.Min(model.TrainedContextLength, DefaultContextLimit);
            int threads = settings.Threads > 0 ? settings.Threads : ProcessorCores.Count;
            context = new LlamaContext(model, ContextOptions(settings, model, contextLength, threads));
            long tokenBytes = WarmUp(context);
            // A GPU computes after llama_decode has returned: its time says nothing about threads.
            bool adapts = settings.Threads == 0 && threads > 1 && (settings.GpuLayers == 0 || !runtime.SupportsGpuOffload);
            AdaptiveThreads? Adaptive(LlamaContext computing) =>
                adapts ? new AdaptiveThreads(computing, threads, time, loggers.CreateLogger<AdaptiveThreads>()) : null;
            ModelDescription description = Describe(settings, runtime, model, context, contextLength);
            return new LlamaExecutor(
                runtime, model, context, description, SavableTokens(settings, context, tokenBytes), Adaptive(context),
                () => OpenEmbeddings(settings, description, model, context.Memory.Exists, threads, Adaptive));
        }
        catch (Exception failure)
        {
            context?.Dispose();
            model?.Dispose();
            runtime?.Dispose();
            switch (failure)
            {
                case LlamaException refusal:
                    throw ModelLoadFailure.From(refusal, Path.GetFileName(settings.ModelPath));
                case NativeLibraryException library:
                    throw new ModelLoadException("native_library", library.Message);
                default:
                    throw;
            }
        }
    }

    private static LlamaEmbeddingExecutor OpenEmbeddings(
        EngineSettings settings, ModelDescription description, LlamaModel model, bool hasMemory, int threads,
        Func<LlamaContext, AdaptiveThreads?> adaptive)
    {
        bool inOnePiece = LlamaEmbeddings.ReadsBothWays(model, hasMemory);
        try
        {
            var context = new LlamaContext(
                model, LlamaEmbeddings.ContextOptions(settings, description.Embedding!, model, inOnePiece, threads));
            return new LlamaEmbeddingExecutor(context, inOnePiece, adaptive(context));
        }
        catch (LlamaException refusal)
        {
            throw ModelLoadFailure.From(refusal, Path.GetFileName(settings.ModelPath));
        }
    }

    private static LlamaContextOptions ContextOptions(EngineSettings settings, LlamaModel model, int contextLength, int threads)
    {
        // An encoder reads its text in one piece.
        int batchTokens = model.HasEncoder ? Math.Max(settings.BatchTokens, contextLength) : settings.BatchTokens;
        return new LlamaContextOptions
        {
            ContextLength = settings.KvCells > 0 ? settings.KvCells : contextLength,
            BatchTokens = batchTokens,
            // The scheduler's step is the unit of work: one that were split could fail half way, with part of it in the cache.
            MicroBatchTokens = batchTokens,
            // One more than there are slots: what is saved and restored passes through it.
            MaxSequences = Math.Min(settings.MaxSequences + 1, model.Runtime.MaxSequences),
            Threads = threads,
            KeyType = settings.KvCacheTypeK.ToNative(),
            ValueType = settings.KvCacheTypeV.ToNative(),
            FlashAttention = settings.FlashAttention.ToNative(),
            OffloadKvCache = settings.GpuLayers != 0,
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

    // Reads all weights from the disk and proves that the model computes, before anybody waits for an answer.
    // Returns the bytes of its saved state, which are those of a token and little more.
    private static long WarmUp(LlamaContext context)
    {
        var batch = new LlamaBatch(1);
        if (context.Model.HasEncoder)
        {
            // Without it, decoding would abort the process.
            batch.AddForFirst(0, position: 0, context.MaxSequences);
            context.Encode(batch);
            batch.Clear();
        }
        batch.Add(context.Model.Vocabulary.BeginOfSequence ?? 0, position: 0, sequence: 0, output: true);
        int status = context.Decode(batch);
        if (status != 0)
            throw new LlamaException($"The model can't compute a token (llama_decode: {status})", []);
        long bytes = context.State.Size(0);
        context.Memory.Clear();
        return bytes;
    }

    private static int SavableTokens(EngineSettings settings, LlamaContext context, long tokenBytes)
    {
        // An encoder-decoder model's cells depend on the text that was encoded.
        if (context.Model.HasEncoder || !context.Memory.Exists || context.MaxSequences == settings.MaxSequences)
            return 0;
        return (int)Math.Min(int.MaxValue, settings.PromptCacheMiB * (1L << 20) / tokenBytes);
    }

    private static ModelDescription Describe(EngineSettings settings, LlamaRuntime runtime, LlamaModel model, LlamaContext context, int contextLength)
    {
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
            NativeVersion = runtime.Version,
            Backend = Backend(settings, runtime),
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

    private static string Backend(EngineSettings settings, LlamaRuntime runtime)
    {
        bool isOnGpu = settings.GpuLayers != 0;
        IEnumerable<string> devices = runtime.Devices
            .Where(device => device.Type == BackendDeviceType.Cpu
                || (isOnGpu && device.Type is BackendDeviceType.Gpu or BackendDeviceType.IntegratedGpu))
            .Select(device => device.Type == BackendDeviceType.Cpu
                ? $"{device.Name} ({device.Library ?? "library unknown"})"
                : $"{device.Name} ({device.Description}, {device.Library ?? "library unknown"})");
        return string.Join(" and ", devices);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "GpuLayers is {GpuLayers}, but the llama.cpp libraries in {Folder} find no GPU that they can use; the CPU holds the model")]
    private static partial void LogNoGpu(ILogger logger, int gpuLayers, string folder);
}
