using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlamaHost.Engine.Tests.Generation;

public sealed class LoadReportTests
{
    [Fact]
    public async Task The_load_is_said_at_first_and_when_nothing_is_left_but_not_with_every_step()
    {
        await using var engine = new InferenceEngine(new ScriptedExecutor(), new StandingClock(), NullLogger<InferenceEngine>.Instance);
        engine.Submit(new GenerationRequest { Id = "a", PromptTokens = [5, 6, 7], Stop = new StopSettings { MaxNewTokens = 4 } });

        List<EngineLoad> loads = [];
        await foreach (StepEvents step in engine.Events.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (step.Load is { } load)
                loads.Add(load);
            if (step.Sequences[0].Finish is not null)
                break;
        }

        Assert.Equal(2, loads.Count);
        Assert.Equal((1, 1, 3), (loads[0].RunningSequences, loads[0].Steps, loads[0].StepTokens));
        // The last token is not computed.
        Assert.Equal((0, 4, 6), (loads[1].RunningSequences, loads[1].Steps, loads[1].StepTokens));
        Assert.Equal((0, 6), (loads[1].BusyKvCells, loads[1].IdleKvCells));
    }

    private sealed class StandingClock : TimeProvider
    {
        public override long GetTimestamp() => 1;
    }
}
