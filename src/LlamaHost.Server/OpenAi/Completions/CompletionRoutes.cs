namespace LlamaHost.Server.OpenAi.Completions;

/// <summary>The routes of this API.</summary>
internal static class CompletionRoutes
{
    /// <summary>Registers what the routes need.</summary>
    public static IServiceCollection AddCompletions(this IServiceCollection services) => services.AddSingleton<CompletionEndpoint>();

    /// <summary>Maps them.</summary>
    public static void MapCompletions(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/completions", (HttpContext context, CompletionEndpoint endpoint) => endpoint.HandleAsync(context))
            .WithMetadata(CompletionOperation.Instance);
}
