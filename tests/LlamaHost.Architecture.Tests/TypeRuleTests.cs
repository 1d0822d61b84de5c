using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using LlamaHost.Architecture.Tests.Rules;
using LlamaHost.Architecture.Tests.Samples;
using Assembly = System.Reflection.Assembly;

namespace LlamaHost.Architecture.Tests;

public sealed class TypeRuleTests(TypeRuleTests.Compiled compiled) : IClassFixture<TypeRuleTests.Compiled>
{
    public static TheoryData<string> Rules => [.. TypeRules.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void No_type_depends_on_what_its_room_must_not_contain(string name)
    {
        TypeRule rule = TypeRules.All.Single(one => one.Name == name);
        IType[] types = [.. rule.Projects.SelectMany(compiled.TypesOf)];

        Assert.NotEmpty(types);
        Assert.Empty(rule.Violations(types));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_type_that_breaks_the_rule_is_found(string name)
    {
        TypeRule rule = TypeRules.All.Single(one => one.Name == name);

        Assert.NotEmpty(
            rule.Violations(
                compiled.TypesOf("LlamaHost.Architecture.Tests").Where(type => type.FullName.Contains(nameof(BadTypes), StringComparison.Ordinal))));
    }

    [Fact]
    public void Nobody_blocks_on_a_task() =>
        Assert.Empty(BlockingRule.Violations(House.MayKnow.Keys.SelectMany(compiled.TypesOf)));

    [Fact]
    public void Those_who_block_on_a_task_are_found()
    {
        string[] found = [.. BlockingRule.Violations(compiled.TypesOf("LlamaHost.Architecture.Tests"))];

        Assert.Equal(4, found.Count(call => call.Contains(nameof(BlockingCalls), StringComparison.Ordinal)));
    }

    /// <summary>The compiled house as ArchUnitNET reads it.</summary>
    public sealed class Compiled
    {
        private readonly ArchUnitNET.Domain.Architecture _architecture = new ArchLoader()
            .LoadAssemblies([.. House.MayKnow.Keys.Select(House.AssemblyOf), Assembly.GetExecutingAssembly()])
            .Build();

        internal IEnumerable<IType> TypesOf(string project) => _architecture.Types.Where(type => type.Assembly.Name.Split(',')[0] == project);
    }
}
