using System.Diagnostics.Metrics;
using LlamaHost.Runtime.Metrics;

namespace LlamaHost.Server.Metrics;

/// <summary>The route that Prometheus reads.</summary>
internal static class MetricsRoutes
{
    /// <summary>Maps it.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", (HttpContext context, IMeterFactory meters) =>
            {
                context.Response.Headers.CacheControl = "no-store";
                return TypedResults.Text(PrometheusText.Read(RuntimeMetrics.MeterName, scope: meters), PrometheusText.ContentType);
            })
            // No API: it is for operators, and has a format of its own.
            .ExcludeFromDescription();
}
