using CsCheck;
using LlamaHost.Engine.Scheduling;

namespace LlamaHost.Engine.Tests.Scheduling;

public sealed class PrefillPaceTests
{
    private const int BatchTokens = 512;

    // From a CPU that needs 3 ms for each token to a GPU that needs 10 ms for any number of them.
    private static readonly Gen<(double Fixed, double PerToken)> Machines = Gen.Select(Gen.Double[0, 0.05], Gen.Double[1e-5, 0.01]);

    [Fact]
    public void Nothing_is_held_back_as_long_as_nobody_would_wait_or_no_step_was_seen()
    {
        var pace = new PrefillPace(BatchTokens, TimeSpan.Zero);
        Assert.Equal(int.MaxValue, pace.TokensBeside(8));
        pace.Observe(8, TimeSpan.FromMilliseconds(30));
        Assert.Equal(int.MaxValue, pace.TokensBeside(0));
    }

    [Fact]
    public void Steps_come_to_keep_the_bound_on_any_machine() =>
        Gen.Select(Machines, Gen.Int[1, 64], Gen.Bool, Gen.Double[0.9, 1.1].Array[1, 20]).Sample((machine, running, automatic, noise) =>
        {
            double alone = machine.Fixed + (machine.PerToken * running);
            double bound = automatic ? PrefillPace.Stretch * alone : alone * 2;
            var pace = new PrefillPace(BatchTokens, automatic ? TimeSpan.Zero : TimeSpan.FromSeconds(bound));
            double Step(int tokens, int number) => (machine.Fixed + (machine.PerToken * tokens)) * noise[number % noise.Length];
            for (int step = 0; step < 40; step++)
                pace.Observe(running, TimeSpan.FromSeconds(Step(running, step)));
            int prompt = 0;
            for (int step = 0; step < 40; step++)
            {
                prompt = Math.Min(pace.TokensBeside(running), BatchTokens - running);
                pace.Observe(running + prompt, TimeSpan.FromSeconds(Step(running + prompt, step)));
            }
            double taken = machine.Fixed + (machine.PerToken * (running + prompt));
            // Noise of a tenth, on a line through points that lie near each other.
            Assert.True(taken <= bound * 1.35 || prompt == 4, $"{prompt} tokens beside {running} take {taken:F4} s of {bound:F4} s.");
            Assert.True(
                taken >= bound * 0.65 || prompt >= BatchTokens - running - 1,
                $"Only {prompt} tokens beside {running}: {taken:F4} s of {bound:F4} s.");
        });

    [Fact]
    public void One_step_that_was_held_up_does_not_change_much()
    {
        var pace = new PrefillPace(BatchTokens, TimeSpan.Zero);
        for (int step = 0; step < 30; step++)
            pace.Observe(step % 2 == 0 ? 8 : 24, TimeSpan.FromMilliseconds(step % 2 == 0 ? 30 : 78));
        int before = pace.TokensBeside(8);
        pace.Observe(8, TimeSpan.FromSeconds(20));
        Assert.InRange(pace.TokensBeside(8), before * 0.5, before * 2);
    }
}
