using LlamaHost.Engine.Scheduling;

namespace LlamaHost.Engine.Tests.Scheduling;

public sealed class SchedulerPriorityTests
{
    private static readonly int[] Beginning = [.. Enumerable.Range(1, 4)];

    [Fact]
    public void Who_is_first_gets_a_slot_even_if_that_whose_beginning_it_shares_has_to_go()
    {
        var scheduler = new Scheduler(
            100, slots: 2, batchTokens: 8, keepFinished: true, savableTokens: 0, movesIdle: false, new PrefillPace(TimeSpan.Zero));
        SchedulableSequence Add(int priority, int number, params ReadOnlySpan<int> prompt)
        {
            var sequence = new SchedulableSequence(new object(), SchedulingOrder.Of(priority, number, 0), prompt.ToArray(), 40);
            scheduler.Add(sequence);
            return sequence;
        }
        SchedulableSequence earlier = Add(1, 0, [50, 51]);
        SchedulableSequence last = Add(1, 1, [.. Beginning, 52]);
        scheduler.Schedule();
        scheduler.Commit();
        earlier.Append(1);
        last.Append(1);
        SchedulableSequence urgent = Add(0, 2, [.. Beginning, 53]);

        scheduler.Schedule();

        Assert.Equal(
            (SequenceState.Running, SequenceState.Running, SequenceState.Waiting), (urgent.State, earlier.State, last.State));
        Assert.Equal(5, urgent.Scheduled);
    }
}
