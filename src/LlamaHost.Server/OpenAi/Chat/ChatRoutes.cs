using LlamaHost.Server.Rehearsals;

namespace LlamaHost.Server.OpenAi.Chat;

/// <summary>The route of this API.</summary>
internal static class ChatRoutes
{
    /// <summary>Registers what the route needs.</summary>
    public static IServiceCollection AddChat(this IServiceCollection services) =>
        services.AddSingleton<ChatEndpoint>().AddSingleton<IRehearsal, ChatRehearsal>();

    /// <summary>Maps it.</summary>
    public static void MapChat(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/chat/completions", (HttpContext context, ChatEndpoint endpoint) => endpoint.HandleAsync(context))
            .WithMetadata(ChatOperation.Instance);
}
