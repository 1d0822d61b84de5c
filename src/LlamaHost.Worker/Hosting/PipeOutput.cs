using LlamaHost.Protocol;

namespace LlamaHost.Worker.Hosting;

/// <summary>
/// Standard output, one JSON object per line, for the host to read. A line is written when it is logged and not later, so a crash loses none.
/// </summary>
internal sealed class PipeOutput(Stream output)
{
    private readonly Lock _writing = new();

    /// <summary>Writes one line. Callable from any thread.</summary>
    public void Write(WorkerLine line)
    {
        byte[] json = PipeJson.Write(line);
        lock (_writing)
        {
            try
            {
                output.Write(json);
                output.Flush();
            }
            catch (IOException)
            {
                // Nobody reads any more: the parent is gone, and this process will be in a moment.
            }
        }
    }
}
