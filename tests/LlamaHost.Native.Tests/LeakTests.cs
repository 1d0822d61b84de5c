namespace LlamaHost.Native.Tests;

/// <summary>What loading leaves behind. Counts what the whole process has, so nothing may run beside it.</summary>
[Collection("alone")]
public sealed class LeakTests
{
    [Fact]
    public void Loading_again_and_again_leaves_no_file_memory_or_thread_behind()
    {
        LoadAndDecode();
        (int Files, int Maps, int Threads) before = Resources();

        for (int i = 0; i < 20; i++)
            LoadAndDecode();

        (int Files, int Maps, int Threads) after = Resources();
        Assert.Equal(0, after.Maps);
        // The runtime itself may open one or the other; twenty would be ours.
        Assert.InRange(after.Files, 0, before.Files + 5);
        Assert.InRange(after.Threads, 0, before.Threads + 5);
    }

    private static void LoadAndDecode()
    {
        using TinyLlama tiny = new("tiny-stablelm");
        using LlamaContext context = tiny.NewContext(TinyLlama.Exact with { Threads = 2 });
        // The second thread is there, but idle: two that spin for each other are slow on a busy machine.
        context.SetThreads(1, 1);
        TinyLlama.Decode(context, [63, 94]);
    }

    private static (int Files, int Maps, int Threads) Resources() => (
        Directory.GetFiles("/proc/self/fd").Length,
        File.ReadLines("/proc/self/maps").Count(line => line.EndsWith("tiny-stablelm.gguf", StringComparison.Ordinal)),
        Directory.GetDirectories("/proc/self/task").Length);
}
