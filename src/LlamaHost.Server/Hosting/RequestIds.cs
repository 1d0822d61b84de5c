using Microsoft.Extensions.Primitives;

namespace LlamaHost.Server.Hosting;

/// <summary>
/// Gives every answer an <c>x-request-id</c>, which the log has too. A client's own is kept, so that its log and the server's can be laid side by
/// side; one that is not plain is replaced, so that nobody writes lines into the log.
/// </summary>
internal static class RequestIds
{
    /// <summary>The header, of requests and answers.</summary>
    public const string Header = "x-request-id";

    /// <summary>Longest id of a client that is kept.</summary>
    public const int LongestKept = 128;

    /// <summary>Comes before everything that answers or logs.</summary>
    public static IApplicationBuilder UseRequestIds(this IApplicationBuilder app)
    {
        TimeProvider time = app.ApplicationServices.GetRequiredService<TimeProvider>();
        return app.Use((context, next) =>
        {
            context.TraceIdentifier = IdOf(context.Request.Headers[Header], time);
            // When the answer starts, because an error handler clears the headers that are there before.
            context.Response.OnStarting(
                static state =>
                {
                    var answered = (HttpContext)state;
                    answered.Response.Headers[Header] = answered.TraceIdentifier;
                    return Task.CompletedTask;
                },
                context);
            return next(context);
        });
    }

    /// <summary>The client's id if it is a plain one, else a new one.</summary>
    public static string IdOf(StringValues sent, TimeProvider time) =>
        sent is [{ Length: > 0 and <= LongestKept } id] && id.All(IsPlain) ? id : $"req_{Guid.CreateVersion7(time.GetUtcNow()):N}";

    private static bool IsPlain(char one) => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.' or ':' or '/' or '+' or '=';
}
