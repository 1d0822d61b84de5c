using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace LlamaHost.Grammars.Tests.Schemas;

/// <summary>JSON Schema by a library that has nothing to do with the code that makes grammars.</summary>
internal sealed class ValidJson(string schema)
{
    private static readonly EvaluationOptions Options = new() { RequireFormatValidation = true };

    // The library knows the newest draft alone, where definitions have another name.
    private readonly JsonSchema _schema = JsonSchema.FromText(schema.Replace("definitions", "$defs", StringComparison.Ordinal));

    /// <summary>Whether a text is JSON and valid.</summary>
    public bool Accepts(string text)
    {
        try
        {
            JsonNode? node = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = true });
            return _schema.Evaluate(JsonSerializer.SerializeToElement(node), Options).IsValid;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
