using LlamaHost.Engine.Scheduling;

namespace LlamaHost.Engine.Tests.Speculation;

public sealed class StepCostTests
{
    [Theory]
    [InlineData(0.02)]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void The_price_of_a_row_is_learnt_from_steps_of_different_sizes(double perRow)
    {
        var cost = new StepCost();
        for (int step = 0; step < 100; step++)
        {
            int rows = 1 + (step % 3 * 4);
            cost.Observe(rows, 0.01 * (1 + (perRow * (rows - 1))));
        }
        Assert.Equal(perRow, cost.PerRow, 0.01);
        Assert.Equal(1 + (perRow * 9), cost.Of(10), 0.1);
    }

    [Fact]
    public void A_step_that_is_held_up_changes_little()
    {
        var cost = new StepCost();
        for (int step = 0; step < 100; step++)
            cost.Observe(1 + (step % 2 * 8), 0.01 * (1 + (step % 2 * 8 * 0.3)));
        cost.Observe(9, 10);
        Assert.InRange(cost.PerRow, 0.25, 0.45);
        cost.Observe(1, 10);
        Assert.InRange(cost.PerRow, 0.2, 0.45);
    }

    [Fact]
    public void What_was_learnt_of_dear_rows_fades_while_all_steps_are_alike()
    {
        var cost = new StepCost();
        for (int step = 0; step < 50; step++)
            cost.Observe(1 + (step % 2 * 8), 0.01 * (1 + (step % 2 * 8 * 1.2)));
        Assert.True(cost.PerRow > 1);
        for (int step = 0; step < 1000; step++)
            cost.Observe(1, 0.01);
        Assert.True(cost.PerRow < 0.5);
    }

    [Fact]
    public void Sizes_that_differ_from_the_line_are_known()
    {
        var cost = new StepCost();
        // Rows are computed four at a time.
        static double Time(int rows) => 0.5 + ((rows + 3) / 4);
        for (int step = 0; step < 200; step++)
            cost.Observe(1 + (step % 9), 0.01 * Time(1 + (step % 9)));
        Assert.True(cost.Of(5) / cost.Of(4) > 1.2);
        Assert.True(cost.Of(8) / cost.Of(5) < 1.1);
    }

    [Fact]
    public void As_many_rows_are_added_as_make_the_step_bring_most_tokens_per_second()
    {
        foreach (int rows in (int[])[1, 4, 16])
        {
            foreach (double chance in (double[])[0.3, 0.5, 0.8, 0.95])
            {
                var cost = new StepCost();
                var expected = new StepYield(cost);
                expected.Begin(rows);
                double[] chances = [.. Enumerable.Range(1, 40).Select(i => Math.Pow(chance, i))];
                int added = expected.Take(chances);
                double Speed(int count) => (rows + chances.Take(count).Sum()) / (1 + (0.4 * (rows + count - 1)));
                double best = Enumerable.Range(0, 41).Max(Speed);
                Assert.InRange(Speed(added), best / 1.02, best);
                // What one sequence takes makes the step dearer for the next.
                Assert.InRange(expected.Take(chances), 0, added);
            }
        }
    }
}
