using System.Text.Json.Nodes;
using LlamaHost.Server.Errors;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LlamaHost.Server.OpenApi;

/// <summary>Describes the errors of an operation.</summary>
internal static class ErrorResponses
{
    /// <summary>Adds one error response, with an example of its document.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="context">Gives the document's schema.</param>
    /// <param name="description">When it comes.</param>
    /// <param name="examples">Errors of that status, which must all be the same.</param>
    /// <param name="shape">Their shape; <see langword="null"/>: problem documents.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task AddAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, string description, ApiException[] examples,
        IErrorShape? shape, CancellationToken cancellationToken)
    {
        ApiException first = examples[0];
        var response = new OpenApiResponse
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [shape?.ContentType ?? ProblemResponse.ContentType] = new OpenApiMediaType
                {
                    Schema = await context.ReferToAsync(shape?.BodyType ?? typeof(Problem), cancellationToken),
                    Examples = examples.ToDictionary(
                        one => one.Code,
                        IOpenApiExample (one) => new OpenApiExample { Value = shape is null ? Document(one) : shape.ToJson(one) }),
                },
            },
        };
        if (first.RetryAfter is not null)
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader
                {
                    Description = "Seconds after which another try makes sense.",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Minimum = "1" },
                },
            };
        }
        operation.Responses ??= [];
        operation.Responses[first.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)] = response;
    }

    private static JsonNode? Document(ApiException error) =>
        System.Text.Json.JsonSerializer.SerializeToNode(ProblemResponse.ToProblem(error), ErrorsJson.Default.Problem);
}
