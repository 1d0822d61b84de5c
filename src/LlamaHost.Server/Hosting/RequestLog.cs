using Serilog;
using Serilog.Events;
using Serilog.Filters;
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

    private static readonly Func<LogEvent, bool> IsFromHost = Matching.FromSource("Microsoft.Extensions.Hosting.Internal.Host");

    /// <summary>Registers Serilog.</summary>
    public static IServiceCollection AddLogging(this IServiceCollection services, IConfiguration configuration) => services.AddSerilog(
        logger => logger.ReadFrom.Configuration(configuration, Sinks).Filter.ByExcluding(IsMistake), preserveStaticLogger: true);

    /// <summary>Writes one line per request; of health checks and metrics, which are read every few seconds, only at debug level.</summary>
    public static IApplicationBuilder UseRequestLog(this IApplicationBuilder app) =>
        app.UseSerilogRequestLogging(options =>
        {
            options.Logger = app.ApplicationServices.GetRequiredService<Serilog.ILogger>();
            options.MessageTemplate = "{RequestMethod} {RequestPath} answered {StatusCode} in {Elapsed:0.0} ms ({RequestId})";
            options.EnrichDiagnosticContext = (line, context) => line.Set("RequestId", context.TraceIdentifier);
            options.GetLevel = (context, _, error) => error is not null || context.Response.StatusCode == StatusCodes.Status500InternalServerError
                ? LogEventLevel.Error
                : IsReadOften(context.Request.Path) ? LogEventLevel.Debug : LogEventLevel.Information;
        });

    // The program tells those, in a line each; the host would add its stack.
    private static bool IsMistake(LogEvent line) =>
        line.Exception is { } failure && IsFromHost(line) && StartFailure.Describe(failure) is not null;

    private static bool IsReadOften(PathString path) =>
        path.StartsWithSegments("/health", StringComparison.Ordinal) || path.StartsWithSegments("/metrics", StringComparison.Ordinal);
}
