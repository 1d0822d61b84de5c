using System.Text;

namespace LlamaHost.Runtime.Workers;

/// <summary>A worker's private directory, which only the host's user can enter. It holds the socket and is the worker's current directory.</summary>
internal sealed class WorkerDirectory : IDisposable
{
    // sun_path has 108 bytes on Linux and 104 on macOS, with the terminating zero.
    private const int MaxSocketPathBytes = 103;
    private const string Prefix = "llamahost-";
    private const string LockName = "lock";

    private readonly FileStream _lock;

    /// <exception cref="IOException">It can't be created, or its path is too long for a socket.</exception>
    public WorkerDirectory()
    {
        string root = System.IO.Path.GetTempPath();
        // Six random characters are appended.
        string longest = System.IO.Path.Combine(root, Prefix + "123456", "socket");
        if (Encoding.UTF8.GetByteCount(longest) > MaxSocketPathBytes)
            throw new IOException($"The path of the temporary folder '{root}' is too long for Unix sockets; set TMPDIR to a shorter one.");
        // Its mode is 0700 from the beginning.
        Path = Directory.CreateTempSubdirectory(Prefix).FullName;
        _lock = OpenLock(Path, FileMode.CreateNew);
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Where the worker listens.</summary>
    public string SocketPath => System.IO.Path.Combine(Path, "socket");

    /// <summary>Removes it with all that is in it.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        Delete(Path);
    }

    /// <summary>
    /// Removes what hosts left that were killed. The system takes a lock from a process that ends, however it ends, so a directory whose lock
    /// can be had belongs to nobody.
    /// </summary>
    public static void RemoveLeftovers()
    {
        string root = System.IO.Path.GetTempPath();
        foreach (string path in Directory.Exists(root) ? Directory.GetDirectories(root, Prefix + "*") : [])
        {
            try
            {
                OpenLock(path, FileMode.Open).Dispose();
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                continue;
            }
            Delete(path);
        }
    }

    private static FileStream OpenLock(string path, FileMode mode) =>
        new(System.IO.Path.Combine(path, LockName), mode, FileAccess.ReadWrite, FileShare.None);

    private static void Delete(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Already gone, or kept by the system: what stays is a few bytes in the temporary folder.
        }
    }
}
