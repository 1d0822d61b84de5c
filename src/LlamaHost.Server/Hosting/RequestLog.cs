using Serilog;
using Serilog.Events;
using Serilog.Formatting.Compact;
using Serilog.Settings.Configuration;

namespace LlamaHost.Server.Hosting;

/// <summary>Logging: Serilog, from the configuration's section of that name, and one line per HTTP request.</summary>
internal static class RequestLog
{
    // Named, because to look for them among all assemblies takes longer than all else about the log.
    private static readonly ConfigurationReaderOptions Sinks = new(
        typeof(ConsoleLoggerConfigurationExtensions).Assembly,
        typeof(FileLoggerConfigurationExtensions).Assembly,
        typeof(CompactJsonFormatter).Assembly);

    /// <summary>Registers Serilog.</summary>
    public static IServiceCollection AddLogging(this IServiceCollection services, IConfiguration configuration) =>
        services.AddSerilog(logger => logger.ReadFrom.Configuration(configuration, Sinks), preserveStaticLogger: true);

    /// <summary>Writes one line per request; of health checks, which come every few seconds, only at debug level.</summary>
    public static IApplicationBuilder UseRequestLog(this IApplicationBuilder app) =>
        app.UseSerilogRequestLogging(options =>
        {
            options.Logger = app.ApplicationServices.GetRequiredService<Serilog.ILogger>();
            options.MessageTemplate = "{RequestMethod} {RequestPath} answered {StatusCode} in {Elapsed:0.0} ms ({RequestId})";
            options.EnrichDiagnosticContext = (line, context) => line.Set("RequestId", context.TraceIdentifier);
            options.GetLevel = (context, _, error) => error is not null || context.Response.StatusCode == StatusCodes.Status500InternalServerError
                ? LogEventLevel.Error
                : context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal) ? LogEventLevel.Debug : LogEventLevel.Information;
        });
}
