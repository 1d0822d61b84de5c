using System.Diagnostics;
using System.Text.Json;
using LlamaHost.Tests;

namespace LlamaHost.Architecture.Tests.Packaging;

/// <summary>A Dockerfile as a parser of Dockerfiles reads it, and what a linter has to say about it.</summary>
/// <param name="Instructions">In the file's order.</param>
/// <param name="Mistakes">The linter's findings, each with its line.</param>
internal sealed record Dockerfile(IReadOnlyList<DockerInstruction> Instructions, IReadOnlyList<string> Mistakes)
{
    /// <summary>The folder of the npm packages that read and judge.</summary>
    public static string Judges { get; } = Path.Combine(RepositoryFiles.Root, "tests", "LlamaHost.Architecture.Tests", "Packaging", "node");

    /// <summary>Reads a file.</summary>
    public static Dockerfile Read(string path)
    {
        using Process node = Process.Start(
            new ProcessStartInfo("node", [Path.Combine(Judges, "dockerfile.mjs"), path]) { RedirectStandardOutput = true })!;
        return JsonSerializer.Deserialize<Dockerfile>(node.StandardOutput.ReadToEnd(), JsonSerializerOptions.Web)!;
    }

    /// <summary>The stages by name, in the file's order.</summary>
    public IReadOnlyList<DockerStage> Stages { get; } = [.. StagesOf(Instructions)];

    /// <summary>The stage and those that it is made from, itself first. The last one is made from an image.</summary>
    public IEnumerable<DockerStage> Ancestry(string stage)
    {
        for (DockerStage? next = Find(stage); next is not null; next = Find(next.Base))
            yield return next;
    }

    /// <summary>The stage's instructions with those that it inherits, the earliest first.</summary>
    public IReadOnlyList<DockerInstruction> All(string stage) => [.. Ancestry(stage).Reverse().SelectMany(one => one.Instructions)];

    private DockerStage? Find(string name) => Stages.FirstOrDefault(stage => stage.Name == name);

    private static IEnumerable<DockerStage> StagesOf(IReadOnlyList<DockerInstruction> instructions)
    {
        for (int i = 0; i < instructions.Count; i++)
        {
            if (instructions[i] is { Keyword: "FROM", Arguments: [string from, .., string name] })
                yield return new DockerStage(name, from, [.. instructions.Skip(i + 1).TakeWhile(one => one.Keyword != "FROM")]);
        }
    }
}

/// <summary>A stage of a Dockerfile.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Base">What it is made from: another stage or an image.</param>
/// <param name="Instructions">Its own.</param>
internal sealed record DockerStage(string Name, string Base, IReadOnlyList<DockerInstruction> Instructions);

/// <summary>An instruction of a Dockerfile.</summary>
/// <param name="Keyword">Such as <c>COPY</c>.</param>
/// <param name="Flags">Such as <c>from=build</c>.</param>
/// <param name="Arguments">All that follows.</param>
internal sealed record DockerInstruction(string Keyword, IReadOnlyList<string> Flags, IReadOnlyList<string> Arguments)
{
    /// <summary>What a <c>COPY</c> takes from the repository; nothing if it takes from another stage.</summary>
    public IEnumerable<string> CopiedFromRepository =>
        Keyword == "COPY" && !Flags.Any(flag => flag.StartsWith("from=", StringComparison.Ordinal)) ? Arguments.SkipLast(1) : [];

    /// <summary>The variables of an <c>ENV</c>.</summary>
    public IEnumerable<(string Name, string Value)> Variables =>
        Keyword == "ENV" ? Arguments.Select(one => one.Split('=', 2)).Select(pair => (pair[0], pair[1])) : [];
}
