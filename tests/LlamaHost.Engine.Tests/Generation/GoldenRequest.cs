using System.Text.Json;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Tests.Generation;

/// <summary>A golden case's call of <c>generate()</c> as an engine request.</summary>
internal static class GoldenRequest
{
    public static GenerationRequest Of(JsonElement test, ModelDescription model)
    {
        int[] text = Ints(test.GetProperty("prompt_ids"));
        int[] prompt = model.DecoderStartTokenId is { } start ? [start] : text;
        var config = new Config(test.GetProperty("generation_config"));
        int maxNew = config.Int("max_new_tokens") ?? (config.Int("max_length") is { } length
            ? length - prompt.Length
            : Math.Min(20, model.ContextLength - prompt.Length));
        return new GenerationRequest
        {
            Id = test.GetProperty("id").GetString()!,
            PromptTokens = prompt,
            EncoderTokens = model.EncoderLength > 0 ? text : [],
            SequenceCount = config.Int("num_return_sequences") ?? 1,
            LogProbs = 0,
            Beams = config.Int("num_beams") is { } beams and > 1
                ? new BeamSettings { Count = beams, LengthPenalty = config.Float("length_penalty") ?? 1, EarlyStopping = config.EarlyStopping() }
                : null,
            Sampling = Sampling(config),
            PromptLookup = config.Int("prompt_lookup_num_tokens") is { } most
                ? new() { MaxTokens = most, MaxMatchingNgramSize = config.Int("max_matching_ngram_size") ?? 2 } : null,
            Stop = new()
            {
                MaxNewTokens = maxNew,
                MinNewTokens = config.Int("min_new_tokens") ?? Math.Max(0, (config.Int("min_length") ?? 0) - prompt.Length),
                EosTokenIds = config.Tokens("eos_token_id"),
                KeptStopTexts = config.Has("stop_strings") ? config.Texts("stop_strings") : [],
            },
        };
    }

    public static FinishReason Finish(JsonElement name) => name.GetString() switch
    {
        "eos" => FinishReason.EndOfSequence,
        "stop_string" => FinishReason.Stop,
        "length" => FinishReason.Length,
        _ => throw new NotSupportedException($"{name}"),
    };

    public static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(token => token.GetInt32())];

    private static SamplingSettings Sampling(Config config) => new()
    {
        RepetitionPenalty = config.Float("repetition_penalty") ?? 1,
        EncoderRepetitionPenalty = config.Float("encoder_repetition_penalty") ?? 1,
        NoRepeatNgramSize = config.Int("no_repeat_ngram_size") ?? 0,
        EncoderNoRepeatNgramSize = config.Int("encoder_no_repeat_ngram_size") ?? 0,
        BadWords = config.Lists("bad_words_ids", Ints),
        SequenceBias = config.Lists("sequence_bias", one => new SequenceBias(Ints(one[0]), one[1].GetSingle())),
        SuppressTokens = config.Tokens("suppress_tokens") ?? [],
        BeginSuppressTokens = config.Tokens("begin_suppress_tokens") ?? [],
        ForcedBosTokenId = config.Int("forced_bos_token_id"),
        ForcedEosTokenIds = config.Tokens("forced_eos_token_id") ?? [],
        ExponentialDecayLengthPenalty = config.Lists("exponential_decay_length_penalty", one => one.GetSingle()) is [var start, var factor]
            ? new ExponentialDecay((int)start, factor) : null,
    };

    private sealed class Config(JsonElement values)
    {
        public bool Has(string name) => values.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

        public int? Int(string name) => Has(name) ? values.GetProperty(name).GetInt32() : null;

        public float? Float(string name) => Has(name) ? values.GetProperty(name).GetSingle() : null;

        // Python's None given explicitly: no tokens.
        public int[]? Tokens(string name) => !values.TryGetProperty(name, out JsonElement ids) ? null : ids.ValueKind switch
        {
            JsonValueKind.Null => [],
            JsonValueKind.Array => Ints(ids),
            _ => [ids.GetInt32()],
        };

        public EarlyStopping EarlyStopping() =>
            !Has("early_stopping") ? Requests.EarlyStopping.Heuristic : values.GetProperty("early_stopping").ValueKind switch
        {
            JsonValueKind.True => Requests.EarlyStopping.WhenFull,
            JsonValueKind.False => Requests.EarlyStopping.Heuristic,
            _ => Requests.EarlyStopping.Never,
        };

        public string[] Texts(string name) => values.GetProperty(name).ValueKind == JsonValueKind.String
            ? [values.GetProperty(name).GetString()!]
            : [.. values.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];

        public T[] Lists<T>(string name, Func<JsonElement, T> item) => Has(name) ? [.. values.GetProperty(name).EnumerateArray().Select(item)] : [];
    }
}
