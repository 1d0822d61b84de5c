namespace LlamaHost.Worker.Hosting;

/// <summary>
/// Ends the process when its parent ends. The parent holds the other end of standard input and never writes to it again, so a read returns
/// when that end is closed: by the parent, or by the system after the parent was killed.
/// </summary>
internal sealed class ParentWatch(Stream input, ExitProcess exit)
{
    /// <summary>Starts a thread of its own: neither a busy thread pool nor a native call can hold it up.</summary>
    public void Start() => new Thread(WaitForEnd) { Name = "parent watch", IsBackground = true }.Start();

    private void WaitForEnd()
    {
        Span<byte> ignored = stackalloc byte[256];
        try
        {
            while (input.Read(ignored) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A broken pipe is an end, too.
        }
        exit(0);
    }
}
