using System.Reflection;
using System.Xml.Linq;
using LlamaHost.Tests;

namespace LlamaHost.Architecture.Tests;

/// <summary>The projects as they stand: their folders, project files, sources and assemblies.</summary>
internal static class House
{
    /// <summary>Projects under <c>src/</c> and, for each, those of them that its code may name.</summary>
    public static IReadOnlyDictionary<string, string[]> MayKnow { get; } = new Dictionary<string, string[]>
    {
        ["LlamaHost.Native"] = [],
        ["LlamaHost.Engine.Requests"] = [],
        ["LlamaHost.Chat"] = [],
        ["LlamaHost.Gguf"] = [],
        ["LlamaHost.Grammars"] = [],
        ["LlamaHost.Engine"] = ["LlamaHost.Native", "LlamaHost.Engine.Requests", "LlamaHost.Gguf", "LlamaHost.Grammars"],
        ["LlamaHost.Protocol"] = ["LlamaHost.Engine.Requests"],
        ["LlamaHost.Worker"] = ["LlamaHost.Engine", "LlamaHost.Engine.Requests", "LlamaHost.Protocol"],
        ["LlamaHost.Runtime"] = ["LlamaHost.Engine.Requests", "LlamaHost.Gguf", "LlamaHost.Protocol"],
        ["LlamaHost.Server"] = ["LlamaHost.Chat", "LlamaHost.Engine.Requests", "LlamaHost.Grammars", "LlamaHost.Runtime"],
    };

    /// <summary>The projects under <c>src/</c>, by their folders.</summary>
    public static IReadOnlyList<string> Projects { get; } = Folders("src");

    /// <summary>The projects under <c>tests/</c>, by their folders.</summary>
    public static IReadOnlyList<string> TestProjects { get; } = Folders("tests");

    public static Assembly AssemblyOf(string project) => Assembly.Load(project);

    /// <summary>Names of the house's assemblies that the assembly's code names.</summary>
    public static IEnumerable<string> ReferencesOf(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Select(reference => reference.Name!).Where(
            name => name.StartsWith("LlamaHost.", StringComparison.Ordinal));

    /// <summary>The project file's references whose assemblies end up beside the program.</summary>
    public static IEnumerable<string> ProjectReferencesOf(string project) =>
        from reference in XDocument.Load(Path.Combine(RepositoryFiles.Root, "src", project, project + ".csproj")).Descendants("ProjectReference")
        where (string?)reference.Attribute("ReferenceOutputAssembly") != "false"
        select Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value);

    /// <summary>All projects that come with the project, itself included.</summary>
    public static IReadOnlySet<string> ClosureOf(string project)
    {
        HashSet<string> closure = [];
        Stack<string> open = new([project]);
        while (open.TryPop(out string? next))
        {
            if (!closure.Add(next))
                continue;
            foreach (string reference in ProjectReferencesOf(next))
                open.Push(reference);
        }
        return closure;
    }

    /// <summary>The C# files of a project under <c>src/</c>, without what the build generates.</summary>
    public static IEnumerable<SourceFile> SourcesOf(string project) => SourcesIn(Path.Combine("src", project));

    /// <summary>All C# files, those of tests and benchmarks included.</summary>
    public static IEnumerable<SourceFile> AllSources => ((string[])["src", "tests", "bench"]).SelectMany(SourcesIn);

    private static IEnumerable<SourceFile> SourcesIn(string folder) =>
        from path in Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, folder), "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(RepositoryFiles.Root, path)
        where !relative.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj")
        select new SourceFile(relative, File.ReadAllText(path));

    private static IReadOnlyList<string> Folders(string parent) =>
        [.. from folder in Directory.EnumerateDirectories(Path.Combine(RepositoryFiles.Root, parent))
            let name = Path.GetFileName(folder)
            where File.Exists(Path.Combine(folder, name + ".csproj"))
            orderby name
            select name];
}
