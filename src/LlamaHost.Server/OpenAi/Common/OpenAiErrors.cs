using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>Says what went wrong in OpenAI's shape and with its codes, wherever it has some.</summary>
internal sealed class OpenAiErrors : IErrorShape
{
    private static readonly PathString _root = "/v1";

    /// <summary>The one shape.</summary>
    public static OpenAiErrors Instance { get; } = new();

    /// <inheritdoc/>
    public bool IsFor(PathString path) => path.StartsWithSegments(_root, StringComparison.Ordinal);

    /// <inheritdoc/>
    public string ContentType => MediaTypeNames.Application.Json;

    /// <inheritdoc/>
    public Type BodyType => typeof(OpenAiErrorBody);

    /// <inheritdoc/>
    public JsonNode? ToJson(ApiException error) => JsonSerializer.SerializeToNode(Describe(error), OpenAiErrorJson.Readable.OpenAiErrorBody);

    /// <inheritdoc/>
    public Task WriteAsync(HttpContext context, ApiException error)
    {
        context.Response.ContentType = ContentType;
        return JsonSerializer.SerializeAsync(
            context.Response.Body, Describe(error), OpenAiErrorJson.Readable.OpenAiErrorBody, context.RequestAborted);
    }

    /// <summary>The body of an error.</summary>
    public static OpenAiErrorBody Describe(ApiException error) => new(new OpenAiError
    {
        Message = error.Message,
        Type = error.Status switch
        {
            StatusCodes.Status429TooManyRequests => "requests",
            >= 500 => "server_error",
            _ => "invalid_request_error",
        },
        Param = FieldOf(error.Field),
        Code = CodeOf(error),
    });

    // The engine's refusals name fields in Hugging Face's terms.
    private static string? FieldOf(string? field) => field switch
    {
        "num_return_sequences" => "n",
        "max_new_tokens" => "max_tokens",
        _ => field,
    };

    private static string CodeOf(ApiException error) => error.Code switch
    {
        _ when error.Status == StatusCodes.Status429TooManyRequests => "rate_limit_exceeded",
        ErrorCodes.UnknownField => "unknown_parameter",
        ErrorCodes.MissingField => "missing_required_parameter",
        ErrorCodes.WrongType => "invalid_type",
        ErrorCodes.OutOfRange => "invalid_value",
        ErrorCodes.NotFound => "unknown_url",
        ErrorCodes.MethodNotAllowed => "method_not_supported",
        _ => error.Code,
    };
}
