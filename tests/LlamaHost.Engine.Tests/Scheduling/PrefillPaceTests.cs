using CsCheck;
using LlamaHost.Engine.Scheduling;

namespace LlamaHost.Engine.Tests.Scheduling;

public sealed class PrefillPaceTests
{
    private const int BatchTokens = 512;

    // From a CPU that needs 3 ms for each token to a GPU that needs 10 ms for any number of them; a prompt's tokens get dearer with its length.
    private static readonly Gen<(double Fixed, double PerToken, double Growth)> Machines =
        Gen.Select(Gen.Double[0, 0.05], Gen.Double[1e-5, 0.01], Gen.Double[0, 5]);

    [Fact]
    public void Nothing_is_held_back_as_long_as_nobody_would_wait_or_no_step_was_seen()
    {
        var pace = new PrefillPace(TimeSpan.Zero);
        Assert.Equal(int.MaxValue, pace.TokensBeside(8));
        pace.Observe(8, 0, TimeSpan.FromMilliseconds(30));
        Assert.Equal(int.MaxValue, pace.TokensBeside(0));
    }

    [Fact]
    public void Steps_keep_the_bound_on_any_machine_while_a_prompt_grows() =>
        Gen.Select(Machines, Gen.Int[1, 64], Gen.Bool, Gen.Double[0.9, 1.1].Array[1, 20]).Sample((machine, running, automatic, noise) =>
        {
            double alone = machine.Fixed + (machine.PerToken * running);
            double bound = automatic ? Math.Max(PrefillPace.Stretch * alone, PrefillPace.Unhurried) : alone * 2;
            var pace = new PrefillPace(automatic ? TimeSpan.Zero : TimeSpan.FromSeconds(bound));
            int number = 0;
            double position = 0;
            TimeSpan Step(int prompts)
            {
                double dearness = 1 + (machine.Growth * position / 4000);
                double seconds = machine.Fixed + (machine.PerToken * (running + (prompts * dearness)));
                return TimeSpan.FromSeconds(seconds * noise[number++ % noise.Length]);
            }

            // The sequences' own prompts came first.
            pace.Observe(0, 100, TimeSpan.FromSeconds(machine.Fixed + (machine.PerToken * 100)));
            for (int step = 0; step < 40; step++)
                pace.Observe(running, 0, Step(0));
            for (int step = 0; position < 4000; step++)
            {
                int prompts = Math.Min(pace.TokensBeside(running), BatchTokens - running);
                TimeSpan taken = Step(prompts);
                pace.Observe(running, prompts, taken);
                position += prompts;
                // The first steps with a prompt are guesses.
                if (step < 10)
                    continue;
                Assert.True(taken.TotalSeconds <= bound * 1.5 || prompts == 2, $"{prompts} tokens beside {running} take {taken}, not {bound:F4} s.");
                Assert.True(
                    taken.TotalSeconds >= bound * 0.5 || prompts >= BatchTokens - running,
                    $"Only {prompts} tokens beside {running}: {taken} of {bound:F4} s.");
            }
        });

    [Fact]
    public void One_step_that_was_held_up_does_not_change_much()
    {
        var pace = new PrefillPace(TimeSpan.Zero);
        for (int step = 0; step < 30; step++)
            pace.Observe(8, step % 2 == 0 ? 0 : 16, TimeSpan.FromMilliseconds(step % 2 == 0 ? 30 : 78));
        int before = pace.TokensBeside(8);
        pace.Observe(8, 0, TimeSpan.FromSeconds(20));
        Assert.InRange(pace.TokensBeside(8), before, before * 2);
        pace.Observe(8, 16, TimeSpan.FromSeconds(20));
        Assert.InRange(pace.TokensBeside(8), before / 3, before);
    }

    [Fact]
    public void Short_prompts_are_computed_at_once_beside_a_running_sequence_and_long_ones_in_pieces()
    {
        var pace = new PrefillPace(TimeSpan.Zero);
        pace.Observe(1, 0, TimeSpan.FromMilliseconds(25));
        pace.Observe(1, 10, TimeSpan.FromMilliseconds(75));
        var scheduler = new Scheduler(1024, slots: 8, BatchTokens, keepFinished: true, savableTokens: 0, movesIdle: false, pace);
        SchedulableSequence Add(int number, int length)
        {
            int[] prompt = [.. Enumerable.Repeat(number + 1, length)];
            var sequence = new SchedulableSequence(new object(), SchedulingOrder.Of(0, number, 0), prompt, length + 10);
            scheduler.Add(sequence);
            return sequence;
        }
        SchedulableSequence running = Add(0, 10);
        scheduler.Schedule();
        scheduler.Commit();
        running.Append(1);
        SchedulableSequence first = Add(1, 300);
        SchedulableSequence second = Add(2, 300);
        SchedulableSequence shorter = Add(3, 60);

        scheduler.Schedule();

        Assert.Equal((1, 10, 0, 60), (running.Scheduled, first.Scheduled, second.Scheduled, shorter.Scheduled));
    }
}
