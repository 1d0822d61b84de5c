using Microsoft.AspNetCore.Diagnostics;

namespace LlamaHost.Server.Errors;

/// <summary>Answers every exception of a handler in its shape, and logs those that are the server's fault.</summary>
internal sealed partial class ProblemExceptionHandler(ErrorWriter writer, ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    /// <inheritdoc/>
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        ApiException error = ProblemResponse.ToApiException(exception);
        if (error.Status == StatusCodes.Status500InternalServerError)
            LogFailure(httpContext.Request.Method, httpContext.Request.Path, exception);
        await writer.WriteAsync(httpContext, error);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    private partial void LogFailure(string method, PathString path, Exception exception);
}
