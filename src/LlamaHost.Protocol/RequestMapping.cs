using Google.Protobuf.Collections;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Protocol;

/// <summary>Generation requests to and from their wire form. Nothing is lost either way.</summary>
public static class RequestMapping
{
    /// <summary>The request as sent to a worker.</summary>
    public static Submit ToMessage(this GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var message = new Submit
        {
            Id = request.Id,
            SequenceCount = request.SequenceCount,
            Seed = request.Seed,
            Sampling = request.Sampling.ToMessage(),
            Stop = request.Stop.ToMessage(),
            SkipSpecialTokens = request.SkipSpecialTokens,
            CacheSalt = request.CacheSalt,
            Priority = request.Priority,
            Beams = request.Beams?.ToMessage(),
            PromptLookup = request.PromptLookup?.ToMessage(),
        };
        message.PromptTokens.AddRange(request.PromptTokens);
        message.EncoderTokens.AddRange(request.EncoderTokens);
        if (request.LogProbs is { } logProbs)
            message.LogProbs = logProbs;
        if (request.Grammar is { } grammar)
            message.Grammar = grammar;
        if (request.Resume is { } resume)
            message.Resume.AddRange(resume.Select(ToMessage));
        if (request.Continuations is { } continuations)
            message.Continuations.AddRange(continuations.Select(ToMessage));
        message.FinishedSequences.AddRange(request.FinishedSequences);
        return message;
    }

    /// <summary>The request as received by a worker.</summary>
    public static GenerationRequest ToRequest(this Submit message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new GenerationRequest
        {
            Id = message.Id,
            PromptTokens = [.. message.PromptTokens],
            EncoderTokens = [.. message.EncoderTokens],
            SequenceCount = message.SequenceCount,
            Seed = message.Seed,
            Sampling = (message.Sampling ?? new Sampling()).ToSettings(),
            Stop = (message.Stop ?? new Stop()).ToSettings(),
            SkipSpecialTokens = message.SkipSpecialTokens,
            CacheSalt = message.CacheSalt,
            Priority = message.Priority,
            Beams = message.Beams?.ToSettings(),
            PromptLookup = message.PromptLookup?.ToSettings(),
            LogProbs = message.HasLogProbs ? message.LogProbs : null,
            Grammar = message.HasGrammar ? message.Grammar : null,
            Continuations = message.Continuations.Count == 0 ? null : [.. message.Continuations.Select(list => list.ToTokens())],
            Resume = message.Resume.Count == 0 ? null : [.. message.Resume.Select(list => list.ToTokens())],
            FinishedSequences = [.. message.FinishedSequences],
        };
    }

    private static PromptLookup ToMessage(this PromptLookupSettings lookup) =>
        new() { MaxTokens = lookup.MaxTokens, MaxMatchingNgramSize = lookup.MaxMatchingNgramSize };

    private static PromptLookupSettings ToSettings(this PromptLookup message) =>
        new() { MaxTokens = message.MaxTokens, MaxMatchingNgramSize = message.MaxMatchingNgramSize };

    private static Stop ToMessage(this StopSettings settings)
    {
        var message = new Stop
        {
            MaxNewTokens = settings.MaxNewTokens,
            MinNewTokens = settings.MinNewTokens,
            EosTokenIds = settings.EosTokenIds?.ToMessage(),
        };
        message.StopTokenIds.AddRange(settings.StopTokenIds);
        message.StopTexts.AddRange(settings.StopTexts);
        message.KeptStopTexts.AddRange(settings.KeptStopTexts);
        if (settings.MaxTime is { } maxTime)
            message.MaxTimeTicks = maxTime.Ticks;
        return message;
    }

    private static StopSettings ToSettings(this Stop message) => new()
    {
        MaxNewTokens = message.MaxNewTokens,
        MinNewTokens = message.MinNewTokens,
        EosTokenIds = message.EosTokenIds?.ToTokens(),
        StopTokenIds = [.. message.StopTokenIds],
        StopTexts = [.. message.StopTexts],
        KeptStopTexts = [.. message.KeptStopTexts],
        MaxTime = message.HasMaxTimeTicks ? TimeSpan.FromTicks(message.MaxTimeTicks) : null,
    };

    internal static TokenList ToMessage(this IReadOnlyList<int> tokens)
    {
        var message = new TokenList();
        message.Tokens.AddRange(tokens);
        return message;
    }

    internal static IReadOnlyList<int> ToTokens(this TokenList message) => ToArray(message.Tokens);

    private static int[] ToArray(RepeatedField<int> field)
    {
        var array = new int[field.Count];
        field.CopyTo(array, 0);
        return array;
    }
}
