namespace LlamaHost.Server.Errors;

/// <summary>
/// Sees to it that every error has a body in its route's shape, a problem document where none is registered: routing's own (404, 405, 415) included.
/// </summary>
internal static class ErrorHandling
{
    /// <summary>Registers the exception handler.</summary>
    public static IServiceCollection AddProblemResponses(this IServiceCollection services) =>
        services.AddSingleton<ErrorWriter>().AddExceptionHandler<ProblemExceptionHandler>();

    /// <summary>Comes first in the pipeline.</summary>
    public static IApplicationBuilder UseProblemResponses(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(_ => { });
        ErrorWriter writer = app.ApplicationServices.GetRequiredService<ErrorWriter>();
        app.UseStatusCodePages(pages => writer.WriteAsync(pages.HttpContext, Describe(pages.HttpContext)));
        return app;
    }

    private static ApiException Describe(HttpContext context)
    {
        int status = context.Response.StatusCode;
        HttpRequest request = context.Request;
        return status switch
        {
            StatusCodes.Status404NotFound => new ApiException(
                status, ErrorCodes.NotFound, null, $"There is nothing at {request.Path}; /openapi/v1.json lists what there is."),
            StatusCodes.Status405MethodNotAllowed => new ApiException(
                status, ErrorCodes.MethodNotAllowed, null, $"{request.Path} takes {context.Response.Headers.Allow}, not {request.Method}."),
            StatusCodes.Status415UnsupportedMediaType => new ApiException(
                status, ErrorCodes.UnsupportedMediaType, null, "Send the body as application/json."),
            StatusCodes.Status413PayloadTooLarge => new ApiException(
                status, ErrorCodes.BodyTooLarge, null, "The request's body is larger than this server allows."),
            >= 500 => new ApiException(status, ErrorCodes.Internal, null, "The server failed; its log says why."),
            _ => new ApiException(status, ErrorCodes.BadRequest, null, "The request is malformed."),
        };
    }
}
