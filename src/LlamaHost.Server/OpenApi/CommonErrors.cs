using LlamaHost.Server.Errors;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LlamaHost.Server.OpenApi;

/// <summary>The errors of operations that take a JSON body for a model.</summary>
internal static class CommonErrors
{
    private static readonly TimeSpan ExampleDelay = TimeSpan.FromSeconds(5);

    /// <summary>Adds them.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="context">Gives the document's schema.</param>
    /// <param name="invalid">Examples of what is wrong with a request of this operation.</param>
    /// <param name="shape">The errors' shape; <see langword="null"/>: problem documents.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task AddAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, IReadOnlyList<ApiException> invalid,
        IErrorShape? shape, CancellationToken cancellationToken)
    {
        foreach ((string description, ApiException[] examples) in All(invalid))
            await ErrorResponses.AddAsync(operation, context, description, examples, shape, cancellationToken);
    }

    private static IEnumerable<(string Description, ApiException[] Examples)> All(IReadOnlyList<ApiException> invalid) =>
    [
        ("The request can't be met: the field and the code say why.",
        [
            .. invalid,
            ApiException.BadRequest(ErrorCodes.InvalidJson, null, "The body must be a JSON object; it is an array."),
            ApiException.BadRequest(ErrorCodes.InvalidUtf8, null, "The body is not UTF-8: byte 12 can't be there."),
        ]),
        ("There is no such model.", [new ApiException(404, ErrorCodes.ModelNotFound, "model", "There is no model \"llama-3\".")]),
        ("The body is too large.", [new ApiException(413, ErrorCodes.BodyTooLarge, null, "The request's body is larger than this server allows.")]),
        ("The body is not declared as JSON.",
            [new ApiException(415, ErrorCodes.UnsupportedMediaType, null, "Send the body as application/json in UTF-8.")]),
        ("Too many requests wait already.",
            [new ApiException(429, "queue_full", null, "Too many sequences are open.") { RetryAfter = ExampleDelay }]),
        ("The model can't answer now.",
        [
            new ApiException(503, "model_loading", null, "The model is loading (40 %).") { RetryAfter = ExampleDelay },
            new ApiException(503, "model_failed", null, "The model could not be loaded.") { RetryAfter = ExampleDelay },
            new ApiException(503, "worker_lost", null, "The model's worker was lost.") { RetryAfter = ExampleDelay },
            new ApiException(503, ErrorCodes.ShuttingDown, null, "The server is shutting down.") { RetryAfter = ExampleDelay },
        ]),
    ];
}
