using System.Text.Json;
using LlamaHost.Chat;

namespace LlamaHost.Server.Tests.Conversations;

/// <summary>Tools for tests that are not about their schemas.</summary>
internal static class SomeTools
{
    /// <summary>Tools by their names, that take anything.</summary>
    public static Dictionary<string, ToolDefinition> Named(params string[] names) =>
        names.ToDictionary(name => name, name => new ToolDefinition(name, null, default(JsonElement)));
}
