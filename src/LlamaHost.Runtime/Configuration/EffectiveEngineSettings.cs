using LlamaHost.Engine.Requests;

namespace LlamaHost.Runtime.Configuration;

/// <summary>What a model's worker is told, from the options for all models and the model's own.</summary>
internal static class EffectiveEngineSettings
{
    /// <summary>The model's own value, else that for all models, else the engine's default.</summary>
    public static EngineSettings EngineSettingsFor(this RuntimeOptions all, ModelOptions? own, string modelPath)
    {
        var defaults = new EngineSettings { ModelPath = modelPath };
        return defaults with
        {
            ContextLength = own?.ContextLength ?? all.ContextLength ?? defaults.ContextLength,
            KvCells = own?.KvCells ?? all.KvCells ?? defaults.KvCells,
            PromptCacheMiB = own?.PromptCacheMiB ?? all.PromptCacheMiB ?? defaults.PromptCacheMiB,
            MaxSequences = own?.MaxSequences ?? all.MaxSequences ?? defaults.MaxSequences,
            BatchTokens = own?.BatchTokens ?? all.BatchTokens ?? defaults.BatchTokens,
            InterTokenMilliseconds = own?.InterTokenMilliseconds ?? all.InterTokenMilliseconds ?? defaults.InterTokenMilliseconds,
            Threads = own?.Threads ?? all.Threads ?? defaults.Threads,
            KvCacheTypeK = own?.KvCacheTypeK ?? all.KvCacheTypeK ?? defaults.KvCacheTypeK,
            KvCacheTypeV = own?.KvCacheTypeV ?? all.KvCacheTypeV ?? defaults.KvCacheTypeV,
            FlashAttention = own?.FlashAttention ?? all.FlashAttention ?? defaults.FlashAttention,
            Offload = all.OffloadSettingsFor(own),
            Speculation = own?.Speculation ?? all.Speculation ?? defaults.Speculation,
            EmbeddingPooling = own?.EmbeddingPooling ?? all.EmbeddingPooling ?? defaults.EmbeddingPooling,
            NativeFolder = all.NativeFolder,
        };
    }
}
