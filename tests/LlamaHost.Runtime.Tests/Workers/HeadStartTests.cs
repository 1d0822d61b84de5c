using System.Diagnostics;
using LlamaHost.Runtime.Tests.Harness;

namespace LlamaHost.Runtime.Tests.Workers;

public sealed class HeadStartTests
{
    [Fact]
    public async Task The_first_worker_is_the_process_that_was_started_ahead_and_the_next_one_is_not()
    {
        using var headStart = WorkerHeadStart.Begin();
        int ahead = headStart.ProcessId!.Value;
        await using var harness = new RuntimeHarness(headStart: headStart);

        await harness.Runtime.EnsureReadyAsync(harness.Model, harness.Patience);
        Assert.Equal(ahead, harness.Status.WorkerProcessId);
        harness.KillWorker();
        await harness.UntilAsync(() => harness.Status is { State: ModelState.Ready, Restarts: 1 });

        Assert.NotEqual(ahead, harness.Status.WorkerProcessId);
    }

    [Fact]
    public async Task A_process_that_was_started_ahead_and_died_is_replaced()
    {
        using var headStart = WorkerHeadStart.Begin();
        using (Process ahead = Process.GetProcessById(headStart.ProcessId!.Value))
        {
            ahead.Kill();
            await ahead.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        await using var harness = new RuntimeHarness(headStart: headStart);

        await harness.UntilAsync(async () =>
        {
            try
            {
                await harness.Runtime.EnsureReadyAsync(harness.Model, harness.Patience);
                return true;
            }
            catch (ModelUnavailableException)
            {
                return false;
            }
        });

        Assert.Equal(1, harness.Status.Restarts);
    }

    [Fact]
    public async Task A_process_that_no_model_wants_at_the_start_is_ended()
    {
        using var headStart = WorkerHeadStart.Begin();
        int ahead = headStart.ProcessId!.Value;
        await using var harness = new RuntimeHarness(options => options.LoadAtStart = false, headStart: headStart);

        harness.Runtime.LoadAtStart();

        await harness.UntilAsync(() => !RuntimeHarness.Runs(ahead));
        Assert.Null(headStart.ProcessId);
    }

    [Fact]
    public async Task A_process_of_another_program_is_not_used()
    {
        using var headStart = WorkerHeadStart.Begin();
        int ahead = headStart.ProcessId!.Value;
        string bundled = Path.Combine(AppContext.BaseDirectory, "worker", "LlamaHost.Worker.dll");
        await using var harness = new RuntimeHarness(options => options.WorkerPath = bundled, headStart: headStart);

        await harness.Runtime.EnsureReadyAsync(harness.Model, harness.Patience);

        Assert.NotEqual(ahead, harness.Status.WorkerProcessId);
        await harness.UntilAsync(() => !RuntimeHarness.Runs(ahead));
    }
}
