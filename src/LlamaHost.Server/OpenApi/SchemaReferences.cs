using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LlamaHost.Server.OpenApi;

/// <summary>Puts schemas among the document's components and refers to them.</summary>
internal static class SchemaReferences
{
    // How Microsoft.AspNetCore.OpenApi marks schemas that it would refer to by name.
    private const string NameKey = "x-schema-id";

    /// <summary>A reference to the schema of a type, whose parts are references as well.</summary>
    public static async Task<IOpenApiSchema> ReferToAsync(
        this OpenApiOperationTransformerContext context, Type type, CancellationToken cancellationToken)
    {
        OpenApiDocument document = DocumentOf(context);
        OpenApiSchema schema = await context.GetOrCreateSchemaAsync(type, cancellationToken: cancellationToken);
        ReferToParts(schema, document);
        return Refer(type.Name, schema, document);
    }

    /// <summary>A reference to a schema of that name, which is added unless it is there.</summary>
    public static IOpenApiSchema ReferTo(this OpenApiOperationTransformerContext context, string name, OpenApiSchema schema) =>
        Refer(name, schema, DocumentOf(context));

    private static OpenApiDocument DocumentOf(OpenApiOperationTransformerContext context) =>
        context.Document ?? throw new InvalidOperationException("An operation is described outside a document.");

    private static OpenApiSchemaReference Refer(string name, OpenApiSchema schema, OpenApiDocument document)
    {
        if (schema.Discriminator is { Mapping: { } mapping } discriminator)
        {
            // Derived types are named after their base there; their own names are enough.
            discriminator.Mapping = mapping.ToDictionary(
                one => one.Key, one => new OpenApiSchemaReference(one.Value.Reference.Id![name.Length..], document));
        }
        document.AddComponent(name, schema);
        return new OpenApiSchemaReference(name, document);
    }

    private static void ReferToParts(OpenApiSchema schema, OpenApiDocument document)
    {
        foreach (string name in schema.Properties?.Keys.ToArray() ?? [])
            schema.Properties![name] = ReferToPart(schema.Properties[name], document);
        schema.Items = schema.Items is { } item ? ReferToPart(item, document) : null;
        for (int i = 0; i < schema.AnyOf?.Count; i++)
            schema.AnyOf[i] = ReferToPart(schema.AnyOf[i], document);
    }

    private static IOpenApiSchema ReferToPart(IOpenApiSchema part, OpenApiDocument document)
    {
        if (part is not OpenApiSchema schema)
            return part;
        ReferToParts(schema, document);
        return schema.Metadata?.TryGetValue(NameKey, out object? id) is true && id is string { Length: > 0 } name
            ? Refer(name, schema, document)
            : schema;
    }
}
