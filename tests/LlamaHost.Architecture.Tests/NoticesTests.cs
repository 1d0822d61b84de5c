using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using LlamaHost.Tests;

namespace LlamaHost.Architecture.Tests;

public sealed class NoticesTests
{
    private static string Notices => File.ReadAllText(Path.Combine(RepositoryFiles.Root, "THIRD-PARTY-NOTICES.md"));

    [Fact]
    public void Every_package_that_comes_with_the_program_is_named() =>
        Assert.Empty(Unnamed(House.Projects.SelectMany(LockedPackages), Notices));

    [Fact]
    public void Every_package_that_is_asked_for_is_named() =>
        Assert.Empty(Unnamed(
            XDocument.Load(Path.Combine(RepositoryFiles.Root, "Directory.Packages.props")).Descendants("PackageVersion").Select(
                package => package.Attribute("Include")!.Value),
            Notices));

    [Fact]
    public void A_package_that_is_not_named_is_found_even_if_a_longer_name_is_there() =>
        Assert.Equal(["Serilog"], Unnamed(["Serilog", "Serilog.AspNetCore"], "| Serilog.AspNetCore | Apache-2.0 |"));

    private static IEnumerable<string> Unnamed(IEnumerable<string> packages, string notices) =>
        packages.Distinct().Where(package => !Regex.IsMatch(notices, $@"(?<![\w.]){Regex.Escape(package)}(?![\w.])"));

    private static IEnumerable<string> LockedPackages(string project)
    {
        using JsonDocument locked = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(RepositoryFiles.Root, "src", project, "packages.lock.json")));
        return
            [.. from framework in locked.RootElement.GetProperty("dependencies").EnumerateObject()
                from package in framework.Value.EnumerateObject()
                where package.Value.GetProperty("type").GetString() != "Project"
                select package.Name];
    }
}
