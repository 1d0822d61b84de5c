namespace LlamaHost.Architecture.Tests.Samples;

/// <summary>One method per way to block.</summary>
internal static class BlockingCalls
{
#pragma warning disable xUnit1031 // Blocking is the point; nothing calls these.
    public static int Result(Task<int> task) => task.Result;

    public static async Task<int> ResultInAsync(Task<int> task)
    {
        await Task.Yield();
        return task.Result;
    }

    public static void Wait(Task task) => task.Wait();
#pragma warning restore xUnit1031

    public static void Sleep() => Thread.Sleep(1);
}
