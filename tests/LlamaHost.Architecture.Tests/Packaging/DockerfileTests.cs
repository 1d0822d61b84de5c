using System.Text.Json;
using System.Text.RegularExpressions;
using LlamaHost.Tests;

namespace LlamaHost.Architecture.Tests.Packaging;

public sealed partial class DockerfileTests
{
    private static readonly Dockerfile Ours = Dockerfile.Read(Path.Combine(RepositoryFiles.Root, "Dockerfile"));

    public static TheoryData<string> Targets => ["cpu", "cuda12", "cuda13", "vulkan"];

    [Fact]
    public void The_linter_finds_no_mistake() => Assert.Empty(Ours.Mistakes);

    [Fact]
    public async Task The_linter_finds_a_mistake()
    {
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, "FROM debian:12 AS base\nHEALTHCHECK --every=1s CMD true\n", TestContext.Current.CancellationToken);

            Assert.Contains("every", Assert.Single(Dockerfile.Read(path).Mistakes), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void What_is_built_without_naming_a_target_is_for_the_CPU() => Assert.Equal("cpu", Ours.Stages[^1].Name);

    [Theory]
    [MemberData(nameof(Targets))]
    public void An_image_s_process_is_not_root_and_its_health_is_asked_by_the_program_itself(string target)
    {
        IReadOnlyList<DockerInstruction> instructions = Ours.All(target);

        Assert.Equal("$APP_UID", Last("USER"));
        Assert.Equal("""CMD ["/app/LlamaHost.Server", "health"]""", Last("HEALTHCHECK"));
        Assert.Equal("""["/app/LlamaHost.Server"]""", Last("ENTRYPOINT"));

        string Last(string keyword) => string.Join(' ', instructions.Last(one => one.Keyword == keyword).Arguments);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_change_of_the_code_replaces_only_an_image_s_last_layer(string target) =>
        Assert.Equal(["from=build"], Ours.All(target).Last(one => one.Keyword is "COPY" or "RUN").Flags);

    [Fact]
    public void Base_images_are_pinned_to_a_version() =>
        Assert.All(
            Ours.Stages.Select(stage => stage.Base).Except(Ours.Stages.Select(stage => stage.Name)),
            image => Assert.Matches(PinnedImage(), image));

    [Theory]
    [InlineData("debian")]
    [InlineData("debian:latest")]
    [InlineData("host:5000/debian")]
    public void An_image_without_a_version_is_not_pinned(string image) => Assert.DoesNotMatch(PinnedImage(), image);

    [Fact]
    public void What_is_copied_from_the_repository_is_there_and_is_sent_to_the_builder()
    {
        string[] sent =
            [.. File.ReadLines(Path.Combine(RepositoryFiles.Root, ".dockerignore")).Where(line => line.StartsWith('!')).Select(line => line[1..])];

        Assert.All(Ours.Instructions.SelectMany(one => one.CopiedFromRepository), source =>
        {
            Assert.Contains(source.Split('/')[0], sent);
            Assert.True(Exists(source), source);
        });
    }

    [Fact]
    public void Packages_of_every_project_of_the_program_are_fetched_before_its_code_is_there()
    {
        DockerStage build = Ours.Stages.Single(stage => stage.Name == "build");
        string[] before =
            [.. build.Instructions.TakeWhile(one => one is not { Keyword: "RUN" }).SelectMany(one => one.CopiedFromRepository)];

        Assert.Empty(House.ClosureOf("LlamaHost.Server").Union(House.ClosureOf("LlamaHost.Worker"))
            .SelectMany(project => (string[])[$"src/{project}/{project}.csproj", $"src/{project}/packages.lock.json"]).Except(before));
        Assert.DoesNotContain("src", before);
    }

    [Fact]
    public void Every_variant_of_the_libraries_can_be_fetched()
    {
        using JsonDocument package = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryFiles.Root, "native", "package.json")));

        Assert.Empty(package.RootElement.GetProperty("workspaces").EnumerateArray().Select(name => $"native/{name.GetString()}/package.json")
            .Except(Ours.All("npm").SelectMany(one => one.CopiedFromRepository)));
    }

    [Theory]
    [InlineData("cuda12", 12)]
    [InlineData("cuda13", 13)]
    public void A_CUDA_image_has_the_runtime_and_the_backend_of_its_version(string target, int major)
    {
        Assert.Equal(
            [$"from=runtime-cuda{major}", $"from=native-cuda{major}", "from=build"],
            Ours.All(target).Where(one => one.Keyword == "COPY").SelectMany(one => one.Flags));
        Assert.StartsWith($"nvidia/cuda:{major}.", Ours.Ancestry($"runtime-cuda{major}").Last().Base, StringComparison.Ordinal);
        Assert.Contains(("NVIDIA_REQUIRE_CUDA", $"cuda>={major}.0"), Ours.All(target).SelectMany(one => one.Variables));
    }

    private static bool Exists(string source)
    {
        string path = Path.Combine(RepositoryFiles.Root, source);
        return source.Contains('*', StringComparison.Ordinal)
            ? Directory.EnumerateFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path)).Any()
            : Path.Exists(path);
    }

    [GeneratedRegex(@":[\w.-]*\d[\w.-]*$")]
    private static partial Regex PinnedImage();
}
