namespace LlamaHost.Server.Tokenize;

/// <summary>The routes of this API.</summary>
internal static class TokenizeRoutes
{
    /// <summary>Registers what the routes need.</summary>
    public static IServiceCollection AddTokenize(this IServiceCollection services) => services.AddSingleton<TokenizeEndpoint>();

    /// <summary>Maps them.</summary>
    public static void MapTokenize(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/tokenize", (HttpContext context, TokenizeEndpoint endpoint) => endpoint.TokenizeAsync(context))
            .WithMetadata(TokenizeOperations.Tokenize);
        routes.MapPost("/detokenize", (HttpContext context, TokenizeEndpoint endpoint) => endpoint.DetokenizeAsync(context))
            .WithMetadata(TokenizeOperations.Detokenize);
    }
}
