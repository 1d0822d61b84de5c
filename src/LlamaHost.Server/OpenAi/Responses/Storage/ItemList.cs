using System.Text.Json.Serialization;
using LlamaHost.Server.OpenAi.Responses.Items;

namespace LlamaHost.Server.OpenAi.Responses.Storage;

/// <summary>The answer to <c>GET /v1/responses/{id}/input_items</c>: a page of items.</summary>
public sealed record ItemList
{
    /// <summary>Always <c>list</c>.</summary>
    [JsonPropertyName("object")]
    public string Kind { get; init; } = "list";

    /// <summary>The items.</summary>
    public required IReadOnlyList<ResponseItem> Data { get; init; }

    /// <summary>Id of the first of them; null if there is none.</summary>
    public string? FirstId { get; init; }

    /// <summary>Id of the last of them, for <c>after</c>; null if there is none.</summary>
    public string? LastId { get; init; }

    /// <summary>Whether there are more behind them.</summary>
    public required bool HasMore { get; init; }
}

/// <summary>The answer to <c>DELETE /v1/responses/{id}</c>.</summary>
/// <param name="Id">The response that is gone.</param>
/// <param name="Kind">Always <c>response</c>.</param>
/// <param name="Deleted">Always true.</param>
public sealed record ResponseDeletion(string Id, [property: JsonPropertyName("object")] string Kind, bool Deleted);
