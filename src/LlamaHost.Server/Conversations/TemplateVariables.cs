using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlamaHost.Server.Conversations;

/// <summary>Variables that requests hand to chat templates.</summary>
internal static class TemplateVariables
{
    /// <summary>The variables of a request; an object, or undefined.</summary>
    /// <param name="reasoningEffort">How much the model is to think, in a word that its template knows; <see langword="null"/>: not said.</param>
    /// <param name="others">Others, an object, which go first; or undefined.</param>
    public static JsonElement Of(string? reasoningEffort, JsonElement others)
    {
        if (reasoningEffort is null)
            return others;
        var variables = new JsonObject { ["reasoning_effort"] = reasoningEffort };
        if (others.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty one in others.EnumerateObject())
                variables[one.Name] = JsonNode.Parse(one.Value.GetRawText());
        }
        return JsonElement.Parse(variables.ToJsonString());
    }
}
