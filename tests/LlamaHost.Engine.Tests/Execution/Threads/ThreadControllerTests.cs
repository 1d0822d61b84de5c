using LlamaHost.Engine.Execution.Threads;

namespace LlamaHost.Engine.Tests.Execution.Threads;

/// <summary>The controller on simulated machines: no clock, no threads.</summary>
public sealed class ThreadControllerTests
{
    [Fact]
    public void On_an_idle_machine_steps_take_hardly_longer_than_with_the_best_count()
    {
        List<double> ratios = [];
        foreach (SimulatedMachine machine in Machines())
        {
            var controller = new ThreadController(machine.Cores);
            Run(controller, machine, tokens: 1, steps: 300);
            ratios.Add(OfBest(controller, machine, tokens: 1, steps: 1000));
        }

        AssertNearOne(ratios);
    }

    [Fact]
    public void When_other_work_comes_and_goes_the_fastest_count_is_found_each_time()
    {
        List<double> beside = [];
        List<double> after = [];
        var random = new Random(2);
        foreach (SimulatedMachine machine in Machines())
        {
            var controller = new ThreadController(machine.Cores);
            Run(controller, machine, tokens: 1, steps: 300);
            machine.BusyCores = random.Next(1, machine.Cores + 1);
            Run(controller, machine, tokens: 1, steps: 1000);
            beside.Add(OfBest(controller, machine, tokens: 1, steps: 1000));
            machine.BusyCores = 0;
            // With cores to spare nothing tells that others became free, but trials that are rare.
            Run(controller, machine, tokens: 1, steps: 3000);
            after.Add(OfBest(controller, machine, tokens: 1, steps: 1000));
        }

        AssertNearOne(beside);
        AssertNearOne(after);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(4, 1)]
    [InlineData(8, 3)]
    [InlineData(64, 1)]
    public void A_sudden_slowdown_is_answered_within_some_steps(int cores, int busy)
    {
        var machine = new SimulatedMachine(cores, Serial: 0.02, Scatter: 0.05, Seed: 1);
        var controller = new ThreadController(cores);
        Run(controller, machine, tokens: 1, steps: 300);

        machine.BusyCores = busy;
        double collapsed = machine.Expected(1, controller.Next(1));
        Run(controller, machine, tokens: 1, steps: 20);

        Assert.InRange(machine.Expected(1, controller.Next(1)), 0, collapsed / 1.5);
    }

    [Fact]
    public void A_neighbour_that_goes_away_is_noticed_at_once_where_it_slowed_the_last_thread()
    {
        var machine = new SimulatedMachine(Cores: 2, Serial: 0.02, Scatter: 0.05, Seed: 1) { BusyCores = 2 };
        var controller = new ThreadController(most: 2);
        Run(controller, machine, tokens: 1, steps: 500);
        Assert.Equal(1, Usual(controller, machine));

        machine.BusyCores = 0;
        Run(controller, machine, tokens: 1, steps: 20);

        Assert.Equal(2, Usual(controller, machine));
    }

    [Fact]
    public void Where_counts_are_equally_fast_it_hardly_ever_changes()
    {
        foreach (SimulatedMachine machine in Machines())
        {
            // All serial: threads change nothing.
            SimulatedMachine serial = machine with { Serial = 1 };
            var controller = new ThreadController(serial.Cores);
            Assert.InRange(Run(controller, serial, tokens: 1, steps: 5000), 0, 10);
        }
    }

    [Fact]
    public void Bursts_of_other_work_that_hit_every_count_alike_are_not_taken_for_a_better_count()
    {
        var random = new Random(3);
        List<double> ratios = [];
        foreach (SimulatedMachine machine in Machines())
        {
            var controller = new ThreadController(machine.Cores);
            double taken = 0;
            double best = 0;
            for (int step = 0, burst = 0; step < 3000; step++)
            {
                burst = burst > 0 ? burst - 1 : random.Next(20) == 0 ? random.Next(4, 12) : 0;
                double factor = burst > 0 ? 2 : 1;
                int threads = controller.Next(8);
                taken += factor * machine.Expected(8, threads);
                best += factor * machine.Best(8);
                controller.Record(8, factor * machine.Step(8, threads));
            }
            ratios.Add(taken / best);
        }

        AssertNearOne(ratios, median: 1.12, most: 1.25, all: 1.6);
    }

    [Fact]
    public void Each_shape_of_step_has_its_own_count()
    {
        var controller = new ThreadController(most: 8);

        for (int i = 0; i < 4000; i++)
        {
            Take(controller, 1, threads => 0.01 + (0.002 * Math.Abs(threads - 3)));
            Take(controller, 512, threads => 1.0 / threads);
        }

        Assert.Equal(3, Majority(controller, 1, threads => 0.01 + (0.002 * Math.Abs(threads - 3))));
        Assert.Equal(8, Majority(controller, 512, threads => 1.0 / threads));
    }

    [Fact]
    public void A_shape_begins_with_the_count_that_is_fastest_for_another()
    {
        var machine = new SimulatedMachine(Cores: 2, Serial: 0.02, Scatter: 0.05, Seed: 1) { BusyCores = 2 };
        var controller = new ThreadController(most: 2);

        Run(controller, machine, tokens: 1, steps: 300);

        Assert.Equal(1, controller.Next(8));
    }

    [Fact]
    public void A_first_step_takes_all_threads_and_a_duration_of_nothing_teaches_nothing()
    {
        var controller = new ThreadController(most: 6);

        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(6, controller.Next(1));
            Assert.Null(controller.Record(1, TimeSpan.Zero));
        }
    }

    /// <summary>Runs steps and returns how often the fastest count changed.</summary>
    private static int Run(ThreadController controller, SimulatedMachine machine, int tokens, int steps)
    {
        int changes = 0;
        for (int i = 0; i < steps; i++)
        {
            if (controller.Record(tokens, machine.Step(tokens, controller.Next(tokens))) is not null)
                changes++;
        }
        return changes;
    }

    /// <summary>Time per step, trials included, as users pay for them, over that with the best count.</summary>
    private static double OfBest(ThreadController controller, SimulatedMachine machine, int tokens, int steps)
    {
        double expected = 0;
        for (int i = 0; i < steps; i++)
        {
            int threads = controller.Next(tokens);
            expected += machine.Expected(tokens, threads);
            controller.Record(tokens, machine.Step(tokens, threads));
        }
        return expected / steps / machine.Best(tokens);
    }

    private static void AssertNearOne(List<double> ratios, double median = 1.05, double most = 1.1, double all = 1.3)
    {
        ratios.Sort();
        Assert.InRange(ratios[ratios.Count / 2], 0.999, median);
        Assert.InRange(ratios[ratios.Count * 9 / 10], 0.999, most);
        Assert.InRange(ratios[^1], 0.999, all);
    }

    // The same in every run: how well a controller does is a matter of chance.
    private static IEnumerable<SimulatedMachine> Machines()
    {
        var random = new Random(1);
        for (int seed = 0; seed < 200; seed++)
            yield return new SimulatedMachine(random.Next(2, 65), Serial: 0.1 * random.NextDouble(), Scatter: 0.08 * random.NextDouble(), seed);
    }

    private static int Usual(ThreadController controller, SimulatedMachine machine) =>
        Majority(controller, 1, threads => machine.Expected(1, threads));

    private static int Majority(ThreadController controller, int tokens, Func<int, double> seconds) =>
        Enumerable.Range(0, 99).Select(_ => Take(controller, tokens, seconds)).GroupBy(threads => threads).MaxBy(group => group.Count())!.Key;

    private static int Take(ThreadController controller, int tokens, Func<int, double> seconds)
    {
        int threads = controller.Next(tokens);
        controller.Record(tokens, TimeSpan.FromSeconds(seconds(threads)));
        return threads;
    }
}
