using LlamaHost.Server.Generate.Choices;
using LlamaHost.Server.Rehearsals;

namespace LlamaHost.Server.Generate;

/// <summary>The routes of this API.</summary>
internal static class GenerateRoutes
{
    /// <summary>Registers what the routes need.</summary>
    public static IServiceCollection AddGenerate(this IServiceCollection services) =>
        services.AddSingleton<GenerateEndpoint>().AddSingleton<ChoiceEndpoint>().AddSingleton<IRehearsal, GenerateRehearsal>();

    /// <summary>Maps them.</summary>
    public static void MapGenerate(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/generate", (HttpContext context, GenerateEndpoint endpoint) => endpoint.HandleAsync(context))
            .WithMetadata(GenerateOperation.Instance);
}
