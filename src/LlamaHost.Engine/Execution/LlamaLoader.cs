using LlamaHost.Engine.Execution.Offload;
using LlamaHost.Engine.Execution.Threads;
using LlamaHost.Engine.Requests;
using LlamaHost.Native;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Engine.Execution;

/// <summary>Makes a <see cref="LlamaExecutor"/> from settings, and says honestly why it can't.</summary>
internal static class LlamaLoader
{
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
        LoadedModel? loaded = null;
        try
        {
            runtime = LlamaRuntime.Open(settings.NativeFolder, loggers.CreateLogger<LlamaRuntime>());
            int threads = settings.Threads > 0 ? settings.Threads : ProcessorCores.Count;
            var loading = new PlacedLoading(settings, runtime, threads, loggers.CreateLogger<PlacedLoading>());
            loaded = loading.Load(progress, cancellationToken);
            LlamaContext context = loaded.Context;
            long tokenBytes = WarmUp(context);
            // A GPU computes after llama_decode has returned: its time says nothing about threads.
            bool adapts = settings.Threads == 0 && threads > 1 && loaded.Layout.Devices.Count == 0;
            AdaptiveThreads? Adaptive(LlamaContext computing) =>
                adapts ? new AdaptiveThreads(computing, threads, time, loggers.CreateLogger<AdaptiveThreads>()) : null;
            ModelDescription description = LlamaModelDescription.Of(
                settings, context, loaded.ContextLength, PlacementReport.Backend(runtime, loaded.Layout.Devices), loading.Report(loaded));
            EngineSettings effective = settings with { Offload = loaded.Layout.Effective(settings.Offload) };
            return new LlamaExecutor(
                runtime, loaded.Model, context, description, SavableTokens(settings, context, tokenBytes), Adaptive(context),
                () => OpenEmbeddings(effective, description, context, threads, Adaptive));
        }
        catch (Exception failure)
        {
            loaded?.Dispose();
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
        EngineSettings settings, ModelDescription description, LlamaContext generating, int threads, Func<LlamaContext, AdaptiveThreads?> adaptive)
    {
        LlamaModel model = generating.Model;
        bool inOnePiece = LlamaEmbeddings.ReadsBothWays(model, generating.Memory.Exists);
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
}
