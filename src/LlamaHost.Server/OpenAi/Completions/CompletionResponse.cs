using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LlamaHost.Server.OpenAi.Common;

namespace LlamaHost.Server.OpenAi.Completions;

/// <summary>The answer to <c>POST /v1/completions</c>, or one chunk of it in a stream.</summary>
public sealed record CompletionResponse
{
    /// <summary>Names the answer, in the server's log too; the same in all chunks.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>text_completion</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; } = "text_completion";

    /// <summary>When the request was admitted, in seconds since 1970 (Unix time).</summary>
    public required long Created { get; init; }

    /// <summary>Id of the model that answered.</summary>
    public required string Model { get; init; }

    /// <summary>While it stays the same, the same request with the same seed gives the same answer.</summary>
    public required string SystemFingerprint { get; init; }

    /// <summary>The choices: those of the first prompt, then those of the second, and so on.</summary>
    public required IReadOnlyList<CompletionChoice> Choices { get; init; }

    /// <summary>What it cost. In a stream only in the last chunk, if <c>stream_options</c> asks for it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OpenAiUsage? Usage { get; init; }
}

/// <summary>One completion, or in a stream a part of one.</summary>
public sealed record CompletionChoice
{
    /// <summary>Index of the prompt times <c>n</c>, plus the index among its choices.</summary>
    public required int Index { get; init; }

    /// <summary>The new text, with <c>echo</c> after the prompt.</summary>
    public required string Text { get; init; }

    /// <summary>The tokens and their log-probabilities, if asked for.</summary>
    public CompletionLogprobs? Logprobs { get; init; }

    /// <summary>Why it ended: <c>stop</c> (end token, stop token or stop text) or <c>length</c>. In a stream null until it ends.</summary>
    public string? FinishReason { get; init; }
}

/// <summary>Tokens and their log-probabilities: one entry per token in each list.</summary>
public sealed record CompletionLogprobs
{
    /// <summary>Each token's text.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>Natural logarithm of each token's probability; null for the first token of an echoed prompt, which follows nothing.</summary>
    public required IReadOnlyList<float?> TokenLogprobs { get; init; }

    /// <summary>In the place of each token the most likely ones, best first, and the token itself; null where none were asked for.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, float>?> TopLogprobs { get; init; }

    /// <summary>Where each token begins in the choice's text, in Unicode characters (code points).</summary>
    public required IReadOnlyList<int> TextOffset { get; init; }
}

/// <summary>Source-generated JSON of this API, which has nulls where there is nothing to say.</summary>
[JsonSerializable(typeof(CompletionResponse))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class CompletionJson : JsonSerializerContext
{
    /// <summary>Leaves text as it is instead of escaping all but ASCII: these answers are JSON by media type, never HTML.</summary>
    public static CompletionJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
