using System.Xml.Linq;
using LlamaHost.Tests;

namespace LlamaHost.Architecture.Tests;

public sealed class LayoutTests
{
    // Records without behaviour; what carries them over the wire tests them property by property.
    private static readonly string[] Untested = ["LlamaHost.Engine.Requests"];

    [Fact]
    public void Tests_mirror_the_projects_one_to_one() =>
        Assert.Empty(Unmirrored([.. House.Projects.Except(Untested), "LlamaHost.Bench"], House.TestProjects));

    [Fact]
    public void A_project_without_tests_and_tests_without_a_project_are_found() =>
        Assert.Equal(
            ["LlamaHost.A", "LlamaHost.C.Tests"],
            Unmirrored(["LlamaHost.A", "LlamaHost.B"], ["LlamaHost.B.Tests", "LlamaHost.C.Tests", "LlamaHost.Architecture.Tests"]));

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        string solution = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "LlamaHost.sln"));

        Assert.Empty(Missing(solution, [.. House.Projects, .. House.TestProjects, "LlamaHost.Bench"]));
    }

    [Fact]
    public void A_project_that_the_solution_lacks_is_found() =>
        Assert.Equal(["LlamaHost.B"], Missing(
            """Project("{}") = "LlamaHost.A", "src\LlamaHost.A\LlamaHost.A.csproj", "{}" """, ["LlamaHost.A", "LlamaHost.B"]));

    [Fact]
    public void Only_the_binding_may_compile_unsafe_code() =>
        Assert.Equal(["LlamaHost.Native"], House.Projects.Where(AllowsUnsafe));

    [Fact]
    public void Package_versions_are_written_in_one_place() =>
        Assert.Empty(
            from file in Directory.EnumerateFiles(RepositoryFiles.Root, "*.csproj", SearchOption.AllDirectories)
            from reference in XDocument.Load(file).Descendants("PackageReference")
            where reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null
            select $"{file}: {reference}");

    private static IEnumerable<string> Unmirrored(IEnumerable<string> projects, IEnumerable<string> tests)
    {
        string[] expected = [.. projects.Select(project => project + ".Tests"), "LlamaHost.Architecture.Tests"];
        string[] actual = [.. tests];
        return [.. expected.Except(actual).Select(name => name[..^".Tests".Length]), .. actual.Except(expected)];
    }

    private static IEnumerable<string> Missing(string solution, IEnumerable<string> projects) =>
        projects.Where(project => !solution.Contains($"\\{project}.csproj\"", StringComparison.Ordinal));

    private static bool AllowsUnsafe(string project) =>
        XDocument.Load(Path.Combine(RepositoryFiles.Root, "src", project, project + ".csproj"))
            .Descendants("AllowUnsafeBlocks").Any(property => property.Value == "true");
}
