using LlamaHost.Gguf.Tests;

namespace LlamaHost.Runtime.Tests.Catalogue;

/// <summary>A temporary models folder.</summary>
internal sealed class ModelFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("llamahost-models-").FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Puts a model's header there, and returns its full path.</summary>
    public string Add(
        string name, string architecture = "llama", string? type = null, ulong weights = 10, params (string Key, string Value)[] metadata)
    {
        if (type is not null)
            metadata = [("general.type", type), .. metadata];
        GgufWriter writer = new GgufWriter().Start(3, 1, 1 + metadata.Length).Entry("general.architecture", architecture);
        foreach ((string key, string value) in metadata)
            writer.Entry(key, value);
        File.WriteAllBytes(PathOf(name), writer.Tensor("output.weight", weights).ToArray());
        return PathOf(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
