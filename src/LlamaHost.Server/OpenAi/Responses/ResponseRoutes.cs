using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenAi.Responses.Storage;

namespace LlamaHost.Server.OpenAi.Responses;

/// <summary>The routes of this API.</summary>
internal static class ResponseRoutes
{
    private const string Tag = "OpenAI";

    /// <summary>Registers what the routes need.</summary>
    public static IServiceCollection AddResponses(this IServiceCollection services) => services
        .AddSingleton<IResponseStore, MemoryResponseStore>()
        .AddSingleton<ResponseArchive>()
        .AddSingleton<RunningResponses>()
        .AddSingleton<ResponseSender>()
        .AddSingleton<ResponseEndpoint>()
        .AddSingleton<StoredResponseEndpoints>();

    /// <summary>Maps them.</summary>
    public static void MapResponses(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/responses", (HttpContext context, ResponseEndpoint endpoint) => endpoint.HandleAsync(context))
            .WithMetadata(ResponseOperation.Instance);
        routes.MapGet(
                "/v1/responses/{id}",
                (string id, bool? stream, StoredResponseEndpoints endpoints, CancellationToken cancellationToken) =>
                    endpoints.GetAsync(id, stream, cancellationToken))
            .WithName("getResponse").WithTags(Tag).WithSummary("A stored response")
            .WithDescription("One that is still being made is in progress, and has no output yet. stream must not be true.")
            .Produces<ResponseObject>().Produces<OpenAiErrorBody>(StatusCodes.Status400BadRequest)
            .Produces<OpenAiErrorBody>(StatusCodes.Status404NotFound);
        routes.MapDelete(
                "/v1/responses/{id}",
                (string id, StoredResponseEndpoints endpoints, CancellationToken cancellationToken) => endpoints.DeleteAsync(id, cancellationToken))
            .WithName("deleteResponse").WithTags(Tag).WithSummary("Delete a stored response")
            .WithDescription("Conversations that go on from it can't be gone on from any more either.")
            .Produces<ResponseDeletion>().Produces<OpenAiErrorBody>(StatusCodes.Status404NotFound);
        routes.MapPost(
                "/v1/responses/{id}/cancel",
                (string id, StoredResponseEndpoints endpoints, CancellationToken cancellationToken) => endpoints.CancelAsync(id, cancellationToken))
            .WithName("cancelResponse").WithTags(Tag).WithSummary("Cancel a response that is being made")
            .WithDescription("The answer, and the one that the client which asked for it gets, has the status cancelled and the output so far.")
            .Produces<ResponseObject>().Produces<OpenAiErrorBody>(StatusCodes.Status400BadRequest)
            .Produces<OpenAiErrorBody>(StatusCodes.Status404NotFound);
        routes.MapGet(
                "/v1/responses/{id}/input_items",
                (string id, string? limit, string? order, string? after, StoredResponseEndpoints endpoints, CancellationToken cancellationToken) =>
                    endpoints.InputItemsAsync(id, limit, order, after, cancellationToken))
            .WithName("listInputItems").WithTags(Tag).WithSummary("What the request of a stored response added to the conversation")
            .WithDescription(
                "The last item comes first, unless order is asc; limit (20) and after (an item's id) make pages. Items of the responses before it "
                + "are theirs.")
            .Produces<ItemList>().Produces<OpenAiErrorBody>(StatusCodes.Status400BadRequest)
            .Produces<OpenAiErrorBody>(StatusCodes.Status404NotFound);
    }
}
