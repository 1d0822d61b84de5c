using System.Reflection;
using System.Text.Json;

namespace LlamaHost.Tests;

/// <summary>Files of the repository that tests of several projects read.</summary>
internal static class RepositoryFiles
{
    /// <summary>The repository's root folder.</summary>
    public static string Root { get; } = typeof(RepositoryFiles).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "RepositoryRoot").Value!;

    /// <summary>The model that the server serves when nothing is configured.</summary>
    public static string DefaultModel => Path.Combine(Root, "models", "SmolLM2-135M-Instruct.Q4_1.gguf");

    /// <summary>A tiny model with golden outputs, such as <c>tiny-llama</c>.</summary>
    public static string TinyModel(string name) => Path.Combine(Root, "tests", "golden", "models", name + ".gguf");

    /// <summary>Outputs that transformers made with the tiny models, such as <c>greedy</c>.</summary>
    public static JsonDocument Golden(string name) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root, "tests", "golden", name + ".json")));
}
