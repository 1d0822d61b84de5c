namespace LlamaHost.Server.ApplyTemplate;

/// <summary>The route of this API.</summary>
internal static class ApplyTemplateRoutes
{
    /// <summary>Registers what the route needs.</summary>
    public static IServiceCollection AddApplyTemplate(this IServiceCollection services) => services.AddSingleton<ApplyTemplateEndpoint>();

    /// <summary>Maps it.</summary>
    public static void MapApplyTemplate(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/apply-template", (HttpContext context, ApplyTemplateEndpoint endpoint) => endpoint.HandleAsync(context))
            .WithMetadata(ApplyTemplateOperation.Instance);
}
