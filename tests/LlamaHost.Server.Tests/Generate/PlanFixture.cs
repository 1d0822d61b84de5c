using System.Text;
using System.Text.Json;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Generate;
using LlamaHost.Server.Generate.Parameters;
using LlamaHost.Server.Generate.Prompts;

namespace LlamaHost.Server.Tests.Generate;

/// <summary>Requests and a model for tests of what is decided before an engine is asked.</summary>
internal static class PlanFixture
{
    public const int Context = 100;

    public static ModelDescription Model { get; } = new()
    {
        Architecture = "llama",
        Description = "llama 1B F32",
        VocabularySize = 1000,
        ContextLength = Context,
        TrainedContextLength = Context,
        KvCells = Context,
        MaxSequences = 8,
        EosTokenIds = [2],
        ParameterCount = 1,
        SizeBytes = 4,
        NativeVersion = "0",
        Backend = "CPU",
    };

    public static GenerateRequest Request(string json)
    {
        using JsonDocument body = JsonBody.Parse(Encoding.UTF8.GetBytes(json), 32);
        return GenerateParameters.Table.Bind(body.RootElement);
    }

    /// <summary>The plan for prompts of these token counts.</summary>
    public static GeneratePlan Plan(string json, params int[] promptTokens) => GeneratePlan.Create(
        "gen-1", Request(json), Tokens(promptTokens), Model);

    /// <summary>Prompts of these token counts.</summary>
    public static TokenizedRequest Tokens(params int[] promptTokens) => new()
    {
        Prompts = [.. promptTokens.Select((count, index) => new TokenizedPrompt($"prompt {index}", [.. Enumerable.Range(5, count)]))],
    };
}
