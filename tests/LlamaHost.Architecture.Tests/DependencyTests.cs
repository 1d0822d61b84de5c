namespace LlamaHost.Architecture.Tests;

public sealed class DependencyTests
{
    public static TheoryData<string> Projects => [.. House.MayKnow.Keys];

    [Fact]
    public void Every_project_has_a_line_in_the_table() =>
        Assert.Equal(House.MayKnow.Keys.Order(StringComparer.Ordinal), House.Projects.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Code_names_only_what_it_may_know(string project) =>
        Assert.Empty(Beyond(House.ReferencesOf(House.AssemblyOf(project)), House.MayKnow[project]));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_files_reference_only_what_the_code_may_know(string project) =>
        Assert.Empty(Beyond(House.ProjectReferencesOf(project), House.MayKnow[project]));

    [Fact]
    public void The_host_s_process_holds_neither_engine_nor_native_code() =>
        Assert.DoesNotContain(House.ClosureOf("LlamaHost.Server"), project => project is "LlamaHost.Engine" or "LlamaHost.Native");

    [Fact]
    public void A_reference_that_is_not_allowed_is_found()
    {
        IEnumerable<string> references = House.ReferencesOf(House.AssemblyOf("LlamaHost.Worker"));

        Assert.Contains("LlamaHost.Engine", Beyond(references, ["LlamaHost.Protocol"]));
        Assert.Contains("LlamaHost.Native", House.ClosureOf("LlamaHost.Worker"));
        Assert.Contains("LlamaHost.Runtime", House.ProjectReferencesOf("LlamaHost.Server"));
    }

    private static IEnumerable<string> Beyond(IEnumerable<string> references, string[] allowed) => references.Except(allowed);
}
