using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Generations;
using Microsoft.Extensions.Time.Testing;

namespace LlamaHost.Runtime.Tests.Generations;

public sealed class AdmissionTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_bound_is_never_exceeded_and_all_of_it_can_be_used()
    {
        var admission = new Admission(10, _time);
        admission.Admit(7);
        Assert.Throws<ModelUnavailableException>(() => admission.Admit(4));
        admission.Admit(3);
        Assert.Equal(10, admission.Open);
        Assert.Throws<ModelUnavailableException>(() => admission.Admit(1));
        admission.Release(1);
        admission.Admit(1);
        Assert.Throws<InvalidRequestException>(() => admission.Admit(11));
    }

    [Fact]
    public void The_advised_wait_follows_from_how_fast_sequences_have_ended()
    {
        var admission = new Admission(100, _time);
        admission.Admit(100);
        Assert.Equal(Throughput.Unknown, WaitFor(admission, 1));
        for (int i = 0; i < 10; i++)
        {
            admission.Release(1);
            _time.Advance(TimeSpan.FromSeconds(2));
        }
        admission.Admit(10);
        Assert.Equal(TimeSpan.FromSeconds(2), WaitFor(admission, 1));
        Assert.Equal(TimeSpan.FromSeconds(12), WaitFor(admission, 6));
        Assert.Equal(Throughput.Longest, WaitFor(admission, 90));
        // Nothing ends any more: the wait grows.
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(TimeSpan.FromSeconds(4), WaitFor(admission, 1));
    }

    [Fact]
    public void A_closed_queue_says_so_rather_than_that_it_is_full()
    {
        var admission = new Admission(1, _time) { IsClosed = true };
        Assert.Equal("shutting_down", Assert.Throws<ModelUnavailableException>(() => admission.Admit(1)).Code);
    }

    private static TimeSpan WaitFor(Admission admission, int sequences)
    {
        ModelUnavailableException full = Assert.Throws<ModelUnavailableException>(() => admission.Admit(sequences));
        Assert.Equal(("queue_full", true), (full.Code, full.IsOverload));
        return full.RetryAfter;
    }
}
