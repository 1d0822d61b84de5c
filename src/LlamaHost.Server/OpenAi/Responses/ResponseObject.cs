using System.Text.Json;
using System.Text.Json.Serialization;
using LlamaHost.Server.OpenAi.Responses.Fields;
using LlamaHost.Server.OpenAi.Responses.Items;

namespace LlamaHost.Server.OpenAi.Responses;

/// <summary>The answer to <c>POST /v1/responses</c>: what the model answered, and what it was asked with.</summary>
public sealed record ResponseObject
{
    /// <summary>Begins with <c>resp_</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Always <c>response</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; init; } = "response";

    /// <summary>When the request was admitted, in seconds since 1970.</summary>
    public required long CreatedAt { get; init; }

    /// <summary>When it was completed; null if it was not.</summary>
    public long? CompletedAt { get; init; }

    /// <summary>
    /// <c>in_progress</c>, <c>completed</c>, <c>incomplete</c> (cut by its length), <c>failed</c> or <c>cancelled</c>.
    /// </summary>
    public required string Status { get; init; }

    /// <summary>Always false.</summary>
    public bool Background { get; init; }

    /// <summary>Why it failed.</summary>
    public ResponseError? Error { get; init; }

    /// <summary>Why it is incomplete.</summary>
    public IncompleteDetails? IncompleteDetails { get; init; }

    /// <summary>What the system said before anybody else.</summary>
    public string? Instructions { get; init; }

    /// <summary>Most new tokens, if the request said so.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>As requested; without effect.</summary>
    public int? MaxToolCalls { get; init; }

    /// <summary>Id of the model.</summary>
    public required string Model { get; init; }

    /// <summary>Thoughts, messages and calls, in the order in which the model made them.</summary>
    public IReadOnlyList<ResponseItem> Output { get; init; } = [];

    /// <summary>Whether there could be several calls.</summary>
    public required bool ParallelToolCalls { get; init; }

    /// <summary>The response whose conversation this one goes on with.</summary>
    public string? PreviousResponseId { get; init; }

    /// <summary>As requested; without effect.</summary>
    public string? PromptCacheKey { get; init; }

    /// <summary>How the model was asked to think.</summary>
    public required ReasoningSettings Reasoning { get; init; }

    /// <summary>As requested; without effect.</summary>
    public string? SafetyIdentifier { get; init; }

    /// <summary>Always <c>default</c>.</summary>
    public string ServiceTier { get; init; } = "default";

    /// <summary>Whether it is kept.</summary>
    public required bool Store { get; init; }

    /// <summary>What the logits were divided by.</summary>
    public required float Temperature { get; init; }

    /// <summary>What the text had to be.</summary>
    public required ResponseText Text { get; init; }

    /// <summary>Which tools could or had to be called, as requested.</summary>
    public required JsonElement ToolChoice { get; init; }

    /// <summary>The functions that could be called.</summary>
    public required IReadOnlyList<ResponseTool> Tools { get; init; }

    /// <summary>Likely tokens in each place of the log-probabilities.</summary>
    public required int TopLogprobs { get; init; }

    /// <summary>Probability that the drawn tokens reached together.</summary>
    public required float TopP { get; init; }

    /// <summary><c>disabled</c> or <c>auto</c>, as requested.</summary>
    public required string Truncation { get; init; }

    /// <summary>What it cost; null until it is complete.</summary>
    public ResponseUsage? Usage { get; init; }

    /// <summary>As requested; without effect.</summary>
    public string? User { get; init; }

    /// <summary>Texts that the client keeps with it.</summary>
    public required IReadOnlyDictionary<string, string> Metadata { get; init; }
}

/// <summary>Why a response failed.</summary>
/// <param name="Code"><c>server_error</c>, or <c>invalid_prompt</c>: the request can't be met.</param>
/// <param name="Message">A sentence or two.</param>
public sealed record ResponseError(string Code, string Message);

/// <summary>Why a response is incomplete.</summary>
/// <param name="Reason">Always <c>max_output_tokens</c>: it was cut by that, or by the end of the context.</param>
public sealed record IncompleteDetails(string Reason);

/// <summary>What a response's text had to be.</summary>
/// <param name="Format">Its form, as requested.</param>
/// <param name="Verbosity">As requested; without effect.</param>
public sealed record ResponseText(JsonElement Format, string Verbosity);

/// <summary>A function that could be called.</summary>
/// <param name="Type">Always <c>function</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Parameters">JSON schema of its arguments.</param>
/// <param name="Strict">Whether arguments were to follow the schema exactly, if that was said.</param>
public sealed record ResponseTool(string Type, string Name, string? Description, JsonElement? Parameters, bool? Strict);
