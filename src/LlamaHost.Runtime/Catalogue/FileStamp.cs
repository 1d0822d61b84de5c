using LlamaHost.Gguf;

namespace LlamaHost.Runtime.Catalogue;

/// <summary>By what a change of a model's files is noticed.</summary>
/// <param name="Size">Bytes of all parts; 0 if there is no file.</param>
/// <param name="Written">When the last part was written; the epoch if there is no file.</param>
internal readonly record struct FileStamp(long Size, DateTimeOffset Written)
{
    /// <summary>The stamp of the model's file, or of all its parts. Symbolic links are followed.</summary>
    public static FileStamp Of(string path)
    {
        var stamp = new FileStamp(0, DateTimeOffset.UnixEpoch);
        foreach (string part in GgufFiles.PartsOf(path))
        {
            FileInfo? file = Target(part);
            if (file is null)
                break;
            DateTimeOffset written = file.LastWriteTimeUtc;
            stamp = new FileStamp(stamp.Size + file.Length, written > stamp.Written ? written : stamp.Written);
        }
        return stamp;
    }

    private static FileInfo? Target(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
                file = target;
            return file.Exists ? file : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
