using LlamaHost.Engine.Requests;
using Microsoft.Extensions.Options;

namespace LlamaHost.Runtime.Configuration;

/// <summary>Finds every mistake in the options at start, so that the operator need not find them one by one.</summary>
internal sealed class RuntimeOptionsValidator : IValidateOptions<RuntimeOptions>
{
    // CancellationTokenSource takes no longer delays.
    private static readonly TimeSpan LongestTime = TimeSpan.FromMilliseconds(int.MaxValue);

    public ValidateOptionsResult Validate(string? name, RuntimeOptions options)
    {
        List<string> mistakes = [];
        if (options.ModelsFolder.Length == 0)
            mistakes.Add($"{nameof(options.ModelsFolder)} is empty.");
        AtLeast(options.MaxOpenSequences, 1, nameof(options.MaxOpenSequences), mistakes);
        AtLeast(options.MaxWorkerLosses, 1, nameof(options.MaxWorkerLosses), mistakes);
        if (options.LoadTimeout <= TimeSpan.Zero || options.LoadTimeout > LongestTime)
            mistakes.Add($"{nameof(options.LoadTimeout)} is {options.LoadTimeout}; it must be above 0 and at most {LongestTime}.");
        if (options.LoadWait < TimeSpan.Zero || options.LoadWait > LongestTime)
            mistakes.Add($"{nameof(options.LoadWait)} is {options.LoadWait}; it must be 0 or more and at most {LongestTime}.");
        CheckEngine(options, "", mistakes);
        CheckBatch(options, null, "", mistakes);
        string[] contradictions = [.. OffloadOptionsCheck.Contradictions(options.EngineSettingsFor(own: null, modelPath: ""))];
        mistakes.AddRange(contradictions);
        for (int i = 0; i < options.Models.Count; i++)
        {
            if (options.Models[i].Path.Length == 0)
                mistakes.Add($"Models:{i}:Path is empty.");
            if (options.Models[i].Id is { Length: 0 })
                mistakes.Add($"Models:{i}:Id is empty.");
            CheckEngine(options.Models[i], $"Models:{i}:", mistakes);
            if (options.Models[i] is { BatchTokens: not null } or { MaxSequences: not null })
                CheckBatch(options, options.Models[i], $"Models:{i}:", mistakes);
            IEnumerable<string> own = OffloadOptionsCheck.Contradictions(options.EngineSettingsFor(options.Models[i], modelPath: ""));
            mistakes.AddRange(own.Except(contradictions).Select(mistake => $"Models:{i}:{mistake}"));
        }
        foreach ((string id, int count) in options.Models.Where(model => model.Id is not null).CountBy(model => model.Id!))
        {
            if (count > 1)
                mistakes.Add($"{count} configured models have the id '{id}'.");
        }
        return mistakes.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(mistakes.Select(mistake => $"{RuntimeOptions.SectionName}: {mistake}"));
    }

    private static void CheckEngine(EngineOptions options, string prefix, List<string> mistakes)
    {
        AtLeast(options.ContextLength, 0, prefix + nameof(options.ContextLength), mistakes);
        AtLeast(options.KvCells, 0, prefix + nameof(options.KvCells), mistakes);
        AtLeast(options.PromptCacheMiB, 0, prefix + nameof(options.PromptCacheMiB), mistakes);
        AtLeast(options.BatchTokens, 1, prefix + nameof(options.BatchTokens), mistakes);
        AtLeast(options.InterTokenMilliseconds, 0, prefix + nameof(options.InterTokenMilliseconds), mistakes);
        AtLeast(options.Threads, 0, prefix + nameof(options.Threads), mistakes);
        if (options is { ChatTemplate: not null, ChatTemplateFile: not null })
            mistakes.Add($"{prefix}{nameof(options.ChatTemplate)} and {nameof(options.ChatTemplateFile)} are both set; only one can count.");
        if (options.ChatTemplateFile is { } file && !File.Exists(file))
            mistakes.Add($"{prefix}{nameof(options.ChatTemplateFile)} is '{file}'; there is no such file.");
        if (options.MaxSequences is < 1 or > 256)
            mistakes.Add($"{prefix}{nameof(options.MaxSequences)} is {options.MaxSequences}; it must be 1 to 256.");
        OffloadOptionsCheck.CheckValues(options, prefix, mistakes);
    }

    // Every running sequence takes a token of each step, and prompts need one too.
    private static void CheckBatch(RuntimeOptions all, ModelOptions? own, string prefix, List<string> mistakes)
    {
        EngineSettings engine = all.EngineSettingsFor(own, modelPath: "");
        if (engine.BatchTokens <= engine.MaxSequences)
        {
            mistakes.Add($"{prefix}{nameof(engine.BatchTokens)} is {engine.BatchTokens}; "
                + $"it must be more than {nameof(engine.MaxSequences)}, which is {engine.MaxSequences}.");
        }
    }

    private static void AtLeast(int? value, int least, string name, List<string> mistakes)
    {
        if (value < least)
            mistakes.Add($"{name} is {value}; it must be {least} or more.");
    }
}
