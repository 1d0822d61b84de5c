namespace LlamaHost.Runtime.Tests.Catalogue;

/// <summary>A temporary models folder.</summary>
internal sealed class ModelFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("llamahost-models-").FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Puts a model's header there, and returns its full path.</summary>
    public string Add(string name, string architecture = "llama", string? type = null, ulong weights = 10)
    {
        GgufWriter writer = new GgufWriter().Start(3, 1, type is null ? 1 : 2).Entry("general.architecture", architecture);
        if (type is not null)
            writer.Entry("general.type", type);
        File.WriteAllBytes(PathOf(name), writer.Tensor("output.weight", weights).ToArray());
        return PathOf(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
