namespace LlamaHost.Server.OpenAi.Embeddings;

/// <summary>The routes of this API.</summary>
internal static class EmbeddingRoutes
{
    /// <summary>Registers what the routes need.</summary>
    public static IServiceCollection AddEmbeddings(this IServiceCollection services) => services.AddSingleton<EmbeddingEndpoint>();

    /// <summary>Maps them.</summary>
    public static void MapEmbeddings(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/embeddings", (HttpContext context, EmbeddingEndpoint endpoint) => endpoint.HandleAsync(context))
            .WithMetadata(EmbeddingOperation.Instance);
}
