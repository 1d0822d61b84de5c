using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LlamaHost.Server.OpenApi;

/// <summary>Puts schemas among the document's components and refers to them.</summary>
internal static class SchemaReferences
{
    /// <summary>A reference to the schema of a type.</summary>
    public static async Task<IOpenApiSchema> ReferToAsync(this OpenApiOperationTransformerContext context, Type type, CancellationToken cancellationToken) =>
        context.ReferTo(type.Name, await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellationToken));

    /// <summary>A reference to a schema of that name, which is added unless it is there.</summary>
    public static IOpenApiSchema ReferTo(this OpenApiOperationTransformerContext context, string name, OpenApiSchema schema)
    {
        OpenApiDocument document = context.Document ?? throw new InvalidOperationException("An operation is described outside a document.");
        document.AddComponent(name, schema);
        return new OpenApiSchemaReference(name, document);
    }
}
