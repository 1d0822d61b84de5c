using System.Globalization;
using System.Text.Json;

namespace LlamaHost.Server.Errors;

/// <summary>Answers with an error, in the shape that the route's clients know.</summary>
/// <param name="shapes">Those that are no problem documents.</param>
internal sealed class ErrorWriter(IEnumerable<IErrorShape> shapes)
{
    private readonly IErrorShape[] _shapes = [.. shapes];

    /// <summary>Writes status, headers and body.</summary>
    public Task WriteAsync(HttpContext context, ApiException error)
    {
        HttpResponse response = context.Response;
        response.StatusCode = error.Status;
        if (error.RetryAfter is { } delay)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(delay.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        response.Headers.CacheControl = "no-store";
        if (Array.Find(_shapes, one => one.IsFor(context.Request.Path)) is { } shape)
            return shape.WriteAsync(context, error);
        response.ContentType = ProblemResponse.ContentType;
        return JsonSerializer.SerializeAsync(
            response.Body, ProblemResponse.ToProblem(error), ErrorsJson.Readable.Problem, context.RequestAborted);
    }
}
