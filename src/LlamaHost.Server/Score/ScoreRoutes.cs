namespace LlamaHost.Server.Score;

/// <summary>The routes of this API.</summary>
internal static class ScoreRoutes
{
    /// <summary>Registers what the routes need.</summary>
    public static IServiceCollection AddScore(this IServiceCollection services) => services.AddSingleton<ScoreEndpoint>();

    /// <summary>Maps them.</summary>
    public static void MapScore(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/score", (HttpContext context, ScoreEndpoint endpoint) => endpoint.HandleAsync(context))
            .WithMetadata(ScoreOperation.Instance);
}
