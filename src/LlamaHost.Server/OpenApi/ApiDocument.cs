using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace LlamaHost.Server.OpenApi;

/// <summary>The API's description at <c>/openapi/v1.json</c> and a page to read and try it at <c>/docs</c>.</summary>
internal static class ApiDocument
{
    private const string Name = "v1";

    /// <summary>Registers the document.</summary>
    /// <param name="services">The server's services.</param>
    /// <param name="answers">JSON of the answers, which their schemas are made from.</param>
    public static IServiceCollection AddApiDocument(this IServiceCollection services, params JsonSerializerContext[] answers)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            for (int i = 0; i < answers.Length; i++)
                json.SerializerOptions.TypeInfoResolverChain.Insert(i, answers[i]);
        });
        return services.AddOpenApi(Name, options =>
        {
            options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
            options.AddDocumentTransformer((document, _, _) =>
            {
                Introduce(document);
                return Task.CompletedTask;
            });
            // What an answer lacks is absent, never null; only in a list something may stand for nothing.
            options.AddSchemaTransformer((schema, context, _) =>
            {
                if (context.JsonPropertyInfo is not null)
                    schema.Type &= ~JsonSchemaType.Null;
                return Task.CompletedTask;
            });
            options.AddOperationTransformer((operation, context, cancellationToken) =>
                context.Description.ActionDescriptor.EndpointMetadata.OfType<IOperationDescriber>().FirstOrDefault()?
                    .DescribeAsync(operation, context, cancellationToken) ?? Task.CompletedTask);
        });
    }

    /// <summary>Maps document and page. The page's script comes from this server: it works without the internet.</summary>
    public static void MapApiDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi();
        routes.MapScalarApiReference("/docs", options => options
            .WithTitle("LlamaHost API")
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools());
    }

    private static void Introduce(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "LlamaHost",
            Version = Name,
            Description = "A local inference server for GGUF models. Every error has a stable code and, where one is concerned, the request's "
                + "field: a problem document (RFC 9457), or under /v1 an error in OpenAI's shape.",
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };
        // Whatever name the client reached it by.
        document.Servers = [new OpenApiServer { Url = "/" }];
    }
}

/// <summary>Endpoint metadata that describes an operation further than its signature can.</summary>
internal interface IOperationDescriber
{
    /// <summary>Completes the operation.</summary>
    Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken);
}
