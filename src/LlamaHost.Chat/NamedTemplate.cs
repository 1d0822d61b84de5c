using System.Reflection;

namespace LlamaHost.Chat;

/// <summary>The chat templates that come with the program, for models without one of their own.</summary>
public static class NamedTemplate
{
    /// <summary>Their names, such as <c>chatml</c>, in alphabetical order.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. typeof(NamedTemplate).Assembly.GetManifestResourceNames().Order(StringComparer.Ordinal)];

    /// <summary>The Jinja text of a template.</summary>
    /// <param name="name">One of <see cref="All"/>, in any case.</param>
    /// <returns>The text, or null if there is no template of that name.</returns>
    public static string? Find(string name)
    {
        Assembly assembly = typeof(NamedTemplate).Assembly;
        string? resource = All.FirstOrDefault(one => one.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (resource is null)
            return null;
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
