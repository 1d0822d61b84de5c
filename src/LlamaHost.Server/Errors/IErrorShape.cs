using System.Text.Json.Nodes;

namespace LlamaHost.Server.Errors;

/// <summary>Errors of routes whose clients expect another shape than a problem document.</summary>
internal interface IErrorShape
{
    /// <summary>Whether it is the shape of errors under this path, whether there is a route or not.</summary>
    bool IsFor(PathString path);

    /// <summary>Media type of the bodies.</summary>
    string ContentType { get; }

    /// <summary>Type of the bodies, for the API document.</summary>
    Type BodyType { get; }

    /// <summary>The body of an error, for the API document.</summary>
    JsonNode? ToJson(ApiException error);

    /// <summary>Writes content type and body; status and headers are set.</summary>
    Task WriteAsync(HttpContext context, ApiException error);
}
