using CsCheck;
using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Generations;
using Microsoft.Extensions.Time.Testing;

namespace LlamaHost.Runtime.Tests.Generations;

/// <summary>The log's law: what a worker is given to go on with, and what readers have read, are the same tokens at any point.</summary>
public sealed class TokenLogTests
{
    private const int MaxSequences = 4;

    private static readonly Gen<(int Sequences, SequenceEvent[] Steps)> Runs =
        from sequences in Gen.Int[1, MaxSequences]
        from steps in
            (from index in Gen.Int[0, sequences - 1]
             from tokens in Gen.Int[0, 1000].Array[0, 3]
             from finishes in Gen.Frequency((1, Gen.Const(true)), (6, Gen.Const(false)))
             select Step(index, finishes || tokens.Length == 0 ? Finish(tokens.Length) : null, tokens)).Array[0, 30]
        select (sequences, Sound(steps));

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_worker_goes_on_after_exactly_what_readers_have_read() =>
        Runs.Sample(run =>
        {
            var log = new TokenLog(Request(run.Sequences), _time);
            List<int>[] read = [.. Enumerable.Range(0, run.Sequences).Select(_ => new List<int>())];
            HashSet<int> finished = [];
            foreach (SequenceEvent step in run.Steps)
            {
                log.Append(step);
                read[step.SequenceIndex].AddRange(step.Tokens.Select(token => token.Id));
                if (step.Finish is not null)
                    finished.Add(step.SequenceIndex);
                GenerationRequest submission = log.Submission();
                Assert.Equal(read.Any(tokens => tokens.Count > 0), submission.Resume is not null);
                Assert.Equal(submission.Resume is null ? [] : read, submission.Resume ?? []);
                Assert.Equal(finished.Order(), submission.FinishedSequences);
                Assert.Equal(run.Sequences - finished.Count, log.OpenSequences);
            }
        });

    [Fact]
    public void A_worker_that_takes_over_has_the_time_that_is_left()
    {
        GenerationRequest request = Request(1);
        var log = new TokenLog(request with { Stop = request.Stop with { MaxTime = TimeSpan.FromSeconds(10) } }, _time);
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(TimeSpan.FromSeconds(6), log.Submission().Stop.MaxTime);

        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.InRange(log.Submission().Stop.MaxTime!.Value, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Readers_that_start_at_any_point_read_every_event_once_and_in_order() =>
        await Runs.SampleAsync(async run =>
        {
            var log = new TokenLog(Request(run.Sequences), _time);
            List<Task<List<SequenceEvent>>> readers = [ReadAsync(log)];
            foreach (SequenceEvent step in run.Steps)
            {
                log.Append(step);
                readers.Add(ReadAsync(log));
            }
            log.Cancel();
            readers.Add(ReadAsync(log));
            foreach (List<SequenceEvent> events in await Task.WhenAll(readers))
            {
                Assert.Equal(run.Steps.Select(step => step.Tokens), events.Take(run.Steps.Length).Select(step => step.Tokens));
                IEnumerable<int> ended = events.Where(step => step.Finish is not null).Select(step => step.SequenceIndex);
                Assert.Equal(Enumerable.Range(0, run.Sequences), ended.Order());
            }
        }, iter: 30);

    [Fact]
    public void A_request_that_comes_with_a_log_is_submitted_with_it()
    {
        GenerationRequest request = Request(3) with { Resume = [[1, 2], [], [9]], FinishedSequences = [2] };
        var log = new TokenLog(request, _time);
        Assert.Equal(2, log.OpenSequences);
        log.Append(Step(0, null, 3));
        Assert.Equal([[1, 2, 3], [], [9]], log.Submission().Resume!);
        Assert.Equal([2], log.Submission().FinishedSequences);
    }

    [Fact]
    public async Task The_figures_of_a_replayed_sequence_cover_all_its_workers()
    {
        var log = new TokenLog(Request(2), _time);
        _time.Advance(TimeSpan.FromSeconds(1));
        _ = log.Submission();
        _time.Advance(TimeSpan.FromSeconds(2));
        log.Append(Step(0, null, 5));
        _time.Advance(TimeSpan.FromSeconds(10));
        _ = log.Submission();
        _time.Advance(TimeSpan.FromSeconds(4));
        log.Append(Step(0, Finish(2), 6));
        log.Append(Step(1, Finish(1), 6));

        List<SequenceEvent> events = await ReadAsync(log);
        SequenceUsage[] usages = [.. events.Where(step => step.Finish is not null).Select(step => step.Finish!.Usage)];
        // The first began with the first worker: 3 s until its token, then 14 s to the last, the second worker's start in between.
        Assert.Equal((0.0, 3.0, 14.0), (usages[0].Queue.TotalSeconds, usages[0].Prefill.TotalSeconds, usages[0].Decode.TotalSeconds));
        // The second had nothing from the first worker, so it has queued until the second one took it: 13 s and what that one says.
        Assert.Equal((13.5, 0.25, 0.125), (usages[1].Queue.TotalSeconds, usages[1].Prefill.TotalSeconds, usages[1].Decode.TotalSeconds));
    }

    [Fact]
    public void A_step_of_a_sequence_that_has_ended_is_a_worker_s_fault()
    {
        var log = new TokenLog(Request(2), _time);
        log.Append(Step(0, Finish(1), 6));
        Assert.Throws<ArgumentException>(() => log.Append(Step(0, null, 7)));
        Assert.Throws<ArgumentException>(() => log.Append(Step(2, null, 7)));
    }

    [Fact]
    public async Task A_failure_comes_after_what_was_there_and_to_each_reader_by_itself()
    {
        var log = new TokenLog(Request(1), _time);
        log.Append(Step(0, null, 6));
        log.Fail(() => new ModelUnavailableException("worker_lost", "Lost.", false, TimeSpan.Zero));
        List<Exception> failures = [];
        for (int i = 0; i < 2; i++)
        {
            int read = 0;
            failures.Add(await Assert.ThrowsAsync<ModelUnavailableException>(async () =>
            {
                await foreach (SequenceEvent _ in log.ReadAsync(TestContext.Current.CancellationToken))
                    read++;
            }));
            Assert.Equal(1, read);
        }
        Assert.NotSame(failures[0], failures[1]);
    }

    [Fact]
    public async Task A_reader_can_stop_waiting()
    {
        var log = new TokenLog(Request(1), _time);
        using var stop = new CancellationTokenSource();
        Task<bool> waiting = log.ReadAsync(stop.Token).GetAsyncEnumerator(stop.Token).MoveNextAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static async Task<List<SequenceEvent>> ReadAsync(TokenLog log)
    {
        List<SequenceEvent> events = [];
        await foreach (SequenceEvent step in log.ReadAsync(TestContext.Current.CancellationToken))
            events.Add(step);
        return events;
    }

    private static GenerationRequest Request(int sequences) => new() { Id = "r", PromptTokens = [1, 2, 3], SequenceCount = sequences };

    private static SequenceEvent Step(int index, SequenceFinish? finish, params int[] tokens) => new()
    {
        RequestId = "r",
        SequenceIndex = index,
        Tokens = [.. tokens.Select(id => new TokenEvent(id, "", false))],
        Finish = finish,
    };

    private static SequenceFinish Finish(int tokens)
    {
        var usage = new SequenceUsage(3, 0, tokens, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.125));
        return new SequenceFinish(FinishReason.Length, "", usage);
    }

    /// <summary>Leaves out what comes after a sequence's end.</summary>
    private static SequenceEvent[] Sound(SequenceEvent[] steps)
    {
        HashSet<int> finished = [];
        return
        [
            .. steps.Where(step =>
            {
                bool open = !finished.Contains(step.SequenceIndex);
                if (step.Finish is not null)
                    finished.Add(step.SequenceIndex);
                return open;
            }),
        ];
    }
}
