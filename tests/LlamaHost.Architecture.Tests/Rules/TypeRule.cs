using System.Text.RegularExpressions;
using ArchUnitNET.Domain;

namespace LlamaHost.Architecture.Tests.Rules;

/// <summary>What types of some projects must not depend on.</summary>
/// <param name="Name">The rule in a few words.</param>
/// <param name="Projects">Whose types.</param>
/// <param name="Forbidden">Full names of types.</param>
internal sealed record TypeRule(string Name, string[] Projects, Regex Forbidden)
{
    public IEnumerable<string> Violations(IEnumerable<IType> types) =>
        (from type in types
         from dependency in type.Dependencies
         where Forbidden.IsMatch(dependency.Target.FullName)
         select $"{type.FullName} uses {dependency.Target.FullName} ({Name})").Distinct();

    public override string ToString() => Name;
}
