using System.Text.Json;
using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenAi.Responses.Items;

namespace LlamaHost.Server.OpenAi.Responses.Storage;

/// <summary>Keeps responses, and gives conversations back that were kept.</summary>
internal sealed class ResponseArchive(IResponseStore store, TimeProvider time)
{
    /// <summary>Keeps a response that has ended.</summary>
    /// <param name="response">The response.</param>
    /// <param name="input">What its request added to the conversation.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public ValueTask SaveAsync(ResponseObject response, IReadOnlyList<ResponseItem> input, CancellationToken cancellationToken) => store.SaveAsync(
        new StoredResponse(
            response.Id,
            response.PreviousResponseId,
            [.. input.Concat(response.Output).Select(item => item.Id)],
            JsonSerializer.SerializeToUtf8Bytes(response, ResponseJson.Readable.ResponseObject),
            JsonSerializer.SerializeToUtf8Bytes(input, ResponseJson.Readable.IReadOnlyListResponseItem)),
        cancellationToken);

    /// <summary>What was said until the end of a response: input and output of all responses that it goes on from, and its own.</summary>
    /// <exception cref="ApiException">404 <c>previous_response_not_found</c>: one of them isn't kept.</exception>
    public async Task<IReadOnlyList<ResponseItem>> ConversationAsync(string id, CancellationToken cancellationToken)
    {
        Stack<StoredResponse> turns = [];
        for (string? next = id; next is not null; next = turns.Peek().PreviousId)
            turns.Push(await store.FindAsync(next, cancellationToken) ?? throw NotKept(id, next));
        return [.. turns.SelectMany(turn => InputOf(turn).Concat(OutputOf(turn)))];
    }

    /// <summary>Items as they can be kept: all have ids, and stored items are in the place of references to them.</summary>
    /// <exception cref="ApiException">404 <c>item_not_found</c>: an item isn't kept.</exception>
    public async Task<IReadOnlyList<ResponseItem>> ResolveAsync(IReadOnlyList<ResponseItem> items, CancellationToken cancellationToken)
    {
        List<ResponseItem> resolved = new(items.Count);
        foreach (ResponseItem item in items)
            resolved.Add(item is ItemReference reference ? await FindAsync(reference, cancellationToken) : WithId(item));
        return resolved;
    }

    /// <summary>What a response's request added to the conversation.</summary>
    public static IReadOnlyList<ResponseItem> InputOf(StoredResponse response) =>
        JsonSerializer.Deserialize(response.Input.Span, ResponseJson.Readable.IReadOnlyListResponseItem) ?? [];

    private static IReadOnlyList<ResponseItem> OutputOf(StoredResponse response) =>
        JsonSerializer.Deserialize(response.Response.Span, ResponseJson.Readable.ResponseObject)?.Output ?? [];

    private async Task<ResponseItem> FindAsync(ItemReference reference, CancellationToken cancellationToken) =>
        await store.FindByItemAsync(reference.Id, cancellationToken) is { } holder
        && InputOf(holder).Concat(OutputOf(holder)).FirstOrDefault(item => item.Id == reference.Id) is { } item
            ? item
            : throw new ApiException(
                StatusCodes.Status404NotFound, ErrorCodes.ItemNotFound, reference.Place, $"{reference.Place} refers to an item that is not stored.");

    private ResponseItem WithId(ResponseItem item) => item.Id.Length > 0 ? item : item with
    {
        Id = OpenAiIds.New(
            item switch
            {
                MessageItem => "msg_",
                FunctionCallItem => "fc_",
                FunctionCallOutputItem => "fco_",
                _ => "rs_",
            },
            time.GetUtcNow()),
    };

    private static ApiException NotKept(string id, string missing) => new(
        StatusCodes.Status404NotFound, ErrorCodes.PreviousResponseNotFound, "previous_response_id",
        id == missing
            ? $"Previous response with id '{id}' not found."
            : $"Previous response with id '{id}' goes on from '{missing}', which is not found: it was deleted or is no longer kept.");
}
