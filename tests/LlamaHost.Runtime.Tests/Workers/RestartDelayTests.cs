using LlamaHost.Runtime.Workers;

namespace LlamaHost.Runtime.Tests.Workers;

public sealed class RestartDelayTests
{
    [Fact]
    public void The_first_restart_is_at_once_and_then_the_delay_doubles_up_to_a_bound()
    {
        var delay = new RestartDelay();
        double[] seconds = [.. Enumerable.Range(0, 9).Select(_ => delay.Next(TimeSpan.Zero).TotalSeconds)];
        Assert.Equal([0, 0.5, 1, 2, 4, 8, 16, 30, 30], seconds);
    }

    [Fact]
    public void A_worker_that_ran_well_for_a_while_starts_the_delays_anew()
    {
        var delay = new RestartDelay();
        delay.Next(TimeSpan.Zero);
        delay.Next(TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromSeconds(1), delay.Next(RestartDelay.HealthyTime - TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.Zero, delay.Next(RestartDelay.HealthyTime));
        Assert.Equal(RestartDelay.First, delay.Next(TimeSpan.Zero));
    }
}
