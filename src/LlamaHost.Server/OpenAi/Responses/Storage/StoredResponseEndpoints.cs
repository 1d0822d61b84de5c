using System.Globalization;
using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenAi.Responses.Items;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LlamaHost.Server.OpenAi.Responses.Storage;

/// <summary>Reads, cancels and deletes responses.</summary>
internal sealed class StoredResponseEndpoints(IResponseStore store, RunningResponses running)
{
    private const int MostItems = 100;
    private const int UsualItems = 20;

    /// <summary><c>GET /v1/responses/{id}</c>.</summary>
    /// <exception cref="ApiException">404; or 400: it was asked for as a stream.</exception>
    public async Task<IResult> GetAsync(string id, bool? stream, CancellationToken cancellationToken)
    {
        if (stream == true)
        {
            throw ApiException.BadRequest(
                ErrorCodes.UnsupportedParameter, "stream",
                "stream must be false: events are sent once, while a response is made; ask for the response without stream.");
        }
        if (running.Find(id) is { Response.Store: true } response)
            return TypedResults.Json(response.Response, ResponseJson.Readable.ResponseObject);
        StoredResponse stored = await FindAsync(id, cancellationToken);
        return TypedResults.Bytes(stored.Response, "application/json; charset=utf-8");
    }

    /// <summary><c>GET /v1/responses/{id}/input_items</c>.</summary>
    /// <exception cref="ApiException">404; or 400: a parameter is not one.</exception>
    public async Task<JsonHttpResult<ItemList>> InputItemsAsync(
        string id, string? limit, string? order, string? after, CancellationToken cancellationToken)
    {
        int most = limit is null ? UsualItems : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
        if (most is < 1 or > MostItems)
            throw ApiException.BadRequest(ErrorCodes.OutOfRange, "limit", $"limit must be an integer from 1 to {MostItems}; it is {limit}.");
        if (order is not (null or "asc" or "desc"))
            throw ApiException.BadRequest(ErrorCodes.OutOfRange, "order", $"order must be asc or desc; it is {order}.");
        List<ResponseItem> items = [.. ResponseArchive.InputOf(await FindAsync(id, cancellationToken))];
        if (order != "asc")
            items.Reverse();
        int first = after is null ? 0 : items.FindIndex(item => item.Id == after) + 1;
        if (after is not null && first == 0)
            throw ApiException.BadRequest(ErrorCodes.OutOfRange, "after", $"after is {after}, which is no input item of {id}.");
        ResponseItem[] page = [.. items.Skip(first).Take(most)];
        return TypedResults.Json(
            new ItemList
            {
                Data = page,
                FirstId = page.FirstOrDefault()?.Id,
                LastId = page.LastOrDefault()?.Id,
                HasMore = first + page.Length < items.Count,
            },
            ResponseJson.Readable.ItemList);
    }

    /// <summary><c>DELETE /v1/responses/{id}</c>.</summary>
    /// <exception cref="ApiException">404.</exception>
    public async Task<JsonHttpResult<ResponseDeletion>> DeleteAsync(string id, CancellationToken cancellationToken) =>
        await store.DeleteAsync(id, cancellationToken)
            ? TypedResults.Json(new ResponseDeletion(id, "response", Deleted: true), ResponseJson.Readable.ResponseDeletion)
            : throw NotFound(id);

    /// <summary><c>POST /v1/responses/{id}/cancel</c>.</summary>
    /// <exception cref="ApiException">404; or 400: it has ended already.</exception>
    public async Task<JsonHttpResult<ResponseObject>> CancelAsync(string id, CancellationToken cancellationToken)
    {
        if (running.Find(id) is { } response && await response.CancelAsync(cancellationToken) is { Status: ResponseStatus.Cancelled } cancelled)
            return TypedResults.Json(cancelled, ResponseJson.Readable.ResponseObject);
        await FindAsync(id, cancellationToken);
        throw ApiException.BadRequest(ErrorCodes.ResponseEnded, null, $"The response {id} has ended already and can't be cancelled.");
    }

    private async Task<StoredResponse> FindAsync(string id, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) ?? throw NotFound(id);

    private static ApiException NotFound(string id) =>
        new(StatusCodes.Status404NotFound, ErrorCodes.ResponseNotFound, null, $"Response with id '{id}' not found.");
}
