using LlamaHost.Engine.Requests;
using LlamaHost.Runtime;
using Microsoft.AspNetCore.WebUtilities;

namespace LlamaHost.Server.Errors;

/// <summary>Turns what went wrong into a problem document.</summary>
internal static class ProblemResponse
{
    /// <summary>Media type of the documents.</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>The error that the client is told of; anything unforeseen is a 500 without details.</summary>
    public static ApiException ToApiException(Exception exception) => exception switch
    {
        ApiException api => api,
        InvalidRequestException invalid => new ApiException(
            invalid.Code == ErrorCodes.ModelNotFound ? StatusCodes.Status404NotFound : StatusCodes.Status400BadRequest,
            invalid.Code, invalid.Field, invalid.Message),
        ModelUnavailableException unavailable => new ApiException(
            unavailable.IsOverload ? StatusCodes.Status429TooManyRequests : StatusCodes.Status503ServiceUnavailable,
            unavailable.Code, null, unavailable.Message)
        { RetryAfter = unavailable.RetryAfter },
        GenerationFailedException failed => new ApiException(
            StatusCodes.Status500InternalServerError, ErrorCodes.GenerationFailed, null, failed.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => new ApiException(
            StatusCodes.Status413PayloadTooLarge, ErrorCodes.BodyTooLarge, null, "The request's body is larger than this server allows."),
        BadHttpRequestException http => new ApiException(http.StatusCode, ErrorCodes.BadRequest, null, http.Message),
        _ => new ApiException(StatusCodes.Status500InternalServerError, ErrorCodes.Internal, null, "The server failed; its log says why."),
    };

    /// <summary>The document of an error.</summary>
    public static Problem ToProblem(ApiException error) => new()
    {
        Title = ReasonPhrases.GetReasonPhrase(error.Status),
        Status = error.Status,
        Code = error.Code,
        Field = error.Field,
        Detail = error.Message,
    };
}
