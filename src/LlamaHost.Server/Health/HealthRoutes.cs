using System.Globalization;

namespace LlamaHost.Server.Health;

/// <summary>The routes of this API.</summary>
internal static class HealthRoutes
{
    private const int RetryAfterSeconds = 1;

    /// <summary>Registers what the routes need.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services) => services.AddSingleton<HealthCheck>();

    /// <summary>Maps them.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Json(HealthCheck.Live, HealthJson.Default.HealthReport))
            .WithName("live").WithTags("Health").WithSummary("Whether the server runs").WithDescription("200 as long as the process answers at all.")
            .Produces<HealthReport>();
        MapReady(routes, "ready", "/health/ready", "Whether the model answers");
        MapReady(routes, "health", "/health", "The same as /health/ready");
    }

    private static void MapReady(IEndpointRouteBuilder routes, string name, string path, string summary) =>
        routes.MapGet(path, (HttpContext context, HealthCheck check) =>
            {
                HealthReport report = check.Ready();
                context.Response.Headers.CacheControl = "no-store";
                if (report.Reason is null)
                    return TypedResults.Json(report, HealthJson.Default.HealthReport);
                context.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
                return TypedResults.Json(report, HealthJson.Default.HealthReport, statusCode: StatusCodes.Status503ServiceUnavailable);
            })
            .WithName(name).WithTags("Health").WithSummary(summary)
            .WithDescription(
                "200 when requests that name no model can be answered; else 503 with the reason: loading and how far, what failed, or shutting down.")
            .Produces<HealthReport>().Produces<HealthReport>(StatusCodes.Status503ServiceUnavailable);
}
