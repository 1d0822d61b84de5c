using Microsoft.Extensions.Primitives;

namespace LlamaHost.Server.Hosting;

/// <summary>
/// Gives every answer an <c>x-request-id</c>, which the log has too. A client's own is kept, so that its log and the server's can be laid side by
/// side; one that is not plain is replaced, so that nobody writes lines into the log.
/// </summary>
/// <param name="next">The rest of the pipeline.</param>
/// <param name="time">Ids begin with the time, so that later ones sort behind earlier ones.</param>
internal sealed class RequestIds(RequestDelegate next, TimeProvider time)
{
    /// <summary>The header, of requests and answers.</summary>
    public const string Header = "x-request-id";

    /// <summary>Longest id of a client that is kept.</summary>
    public const int LongestKept = 128;

    /// <summary>The client's id if it is a plain one, else a new one.</summary>
    public static string IdOf(StringValues sent, TimeProvider time) =>
        sent is [{ Length: > 0 and <= LongestKept } id] && id.All(IsPlain) ? id : $"req_{Guid.CreateVersion7(time.GetUtcNow()):N}";

    /// <summary>Names the request.</summary>
    public Task InvokeAsync(HttpContext context)
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
    }

    private static bool IsPlain(char one) => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.' or ':' or '/' or '+' or '=';
}
