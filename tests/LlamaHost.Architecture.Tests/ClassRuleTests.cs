using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;
using LlamaHost.Architecture.Tests.Samples;

namespace LlamaHost.Architecture.Tests;

public sealed class ClassRuleTests
{
    public static TheoryData<string> Projects => [.. House.MayKnow.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Classes_are_sealed_and_share_no_mutable_state(string project)
    {
        Type[] written = [.. House.AssemblyOf(project).GetTypes().Where(IsWritten)];

        Assert.DoesNotContain(written, type => IsOpen(type) && !written.Any(other => other.BaseType == type));
        Assert.Empty(written.SelectMany(MutableStatics));
    }

    [Fact]
    public void An_open_class_and_its_shared_state_are_found()
    {
        Assert.True(IsWritten(typeof(OpenClass)));
        Assert.True(IsOpen(typeof(OpenClass)));
        Assert.Equal(nameof(OpenClass.Counter), Assert.Single(MutableStatics(typeof(OpenClass))).Name);
    }

    // Neither by a generator nor by the compiler.
    private static bool IsWritten(Type type) =>
        type.Namespace?.StartsWith("LlamaHost.", StringComparison.Ordinal) == true
        && !Enclosing(type).Any(
            one => one.IsDefined(typeof(CompilerGeneratedAttribute)) || one.IsDefined(typeof(GeneratedCodeAttribute)) || IsOfProtobuf(one));

    private static IEnumerable<Type> Enclosing(Type? type)
    {
        for (; type is not null; type = type.DeclaringType)
            yield return type;
    }

    private static bool IsOfProtobuf(Type type) =>
        type.Name.EndsWith("Reflection", StringComparison.Ordinal)
        || type.GetInterfaces().Any(one => one.Name == "IMessage")
        || type.GetNestedTypes().Any(nested => nested.Name.EndsWith("Client", StringComparison.Ordinal));

    private static bool IsOpen(Type type) => type.IsClass && !type.IsSealed && !type.IsAbstract;

    private static IEnumerable<FieldInfo> MutableStatics(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(
                field => !field.IsInitOnly && !field.IsLiteral && !field.IsDefined(typeof(CompilerGeneratedAttribute))
                    && !field.IsDefined(typeof(GeneratedCodeAttribute)));
}
