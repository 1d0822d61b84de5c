namespace LlamaHost.Worker.Tests.Harness;

/// <summary>A folder of one test, as the host makes one for its sockets.</summary>
internal sealed class PrivateFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("worker-");

    public string SocketPath => PathOf("socket");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
