using CsCheck;
using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Scheduling;
using LlamaHost.Engine.Tests.Fakes;

namespace LlamaHost.Engine.Tests.Scheduling;

/// <summary>
/// The scheduler's law: whatever arrives, is cancelled or fails, every sequence gets exactly the tokens it would have got alone, the budget and
/// the cache are never exceeded, our books equal the cache's cells after every step, and the first in the order always gets on.
/// </summary>
public sealed class SchedulerLawTests
{
    private static readonly Gen<Scenario> Scenarios =
        from kvCells in Gen.Int[24, 160]
        from slots in Gen.Int[1, 8]
        from extraBudget in Gen.Int[1, 24]
        from keepFinished in Gen.Bool
        from savable in Gen.OneOf(Gen.Const(0), Gen.Int[1, 400])
        from movesIdle in Gen.Bool
        from guesses in Gen.Int[0, 3].Array[0, 6]
        from failures in Gen.Int[0, 5].Array[0, 40]
        from requests in
            (from step in Gen.Int[0, 40]
             from shared in Gen.Int[0, 8]
             from own in Gen.Int[1, 12]
             from newTokens in Gen.Int[1, 12]
             from count in Gen.Int[1, 5]
             from cancelAfter in Gen.Int[-20, 10]
             from priority in Gen.Int[-1, 1]
             select new Arrival(step, shared, own, newTokens, count, cancelAfter, priority)).Array[1, 16]
        select new Scenario(
            kvCells, slots, slots + extraBudget, keepFinished, savable, movesIdle, guesses, failures,
            [.. requests.Select(request => request.FittedInto(kvCells))]);

    [Fact]
    public void Every_sequence_ends_as_if_it_were_alone() => Scenarios.Sample(Run, iter: 2000, print: scenario => scenario.ToString());

    private static void Run(Scenario scenario)
    {
        var executor = new ScriptedExecutor(scenario.KvCells, scenario.Slots, scenario.BatchTokens) { SavableTokens = scenario.SavableTokens };
        var scheduler = new Scheduler(
            scenario.KvCells, scenario.Slots, scenario.BatchTokens, scenario.KeepFinished, scenario.SavableTokens, scenario.MovesIdle,
            scenario.Pace());
        var open = new List<Tracked>();
        int failureIndex = 0;
        executor.Inject = _ => failureIndex < scenario.Failures.Length
            ? scenario.Failures[failureIndex++] switch { 0 => DecodeStatus.NoKvSlot, 1 => DecodeStatus.Aborted, _ => null }
            : null;
        int arrived = 0;
        Arrival[] arrivals = [.. scenario.Requests.OrderBy(request => request.Step)];
        // Every step computes a token at least; preemption may compute a sequence's tokens again each time an earlier one needs room.
        int bound =
            60 + scenario.Failures.Length + (scenario.Requests.Sum(request => request.Count * (request.PromptLength + request.NewTokens)) * 20);
        for (int stepNumber = 0; arrived < arrivals.Length || open.Count > 0; stepNumber++)
        {
            Assert.True(stepNumber < bound, "The scheduler does not get on.");
            for (; arrived < arrivals.Length && arrivals[arrived].Step <= stepNumber; arrived++)
                open.AddRange(Add(scheduler, arrivals[arrived], arrived, stepNumber, scenario.Guesses));
            foreach (Tracked cancelled in open.Where(tracked => tracked.CancelAt == stepNumber).ToArray())
            {
                scheduler.Remove(cancelled);
                open.Remove(cancelled);
            }
            Advance(scheduler, executor, scenario, open);
        }
        Assert.True(scheduler.IsIdle);
        Assert.Equal(0, scheduler.BusyCells);
    }

    private static IEnumerable<Tracked> Add(Scheduler scheduler, Arrival arrival, int number, int step, int[] guesses)
    {
        int[] prompt = [.. Enumerable.Range(1, arrival.Shared), .. Enumerable.Range(20 + number, arrival.Own)];
        object group = new();
        for (int i = 0; i < arrival.Count; i++)
        {
            int cancelAt = arrival.CancelAfter < 0 ? -1 : step + arrival.CancelAfter;
            var sequence = new Tracked(group, SchedulingOrder.Of(arrival.Priority, number, i), prompt, arrival.NewTokens, cancelAt, guesses);
            scheduler.Add(sequence);
            yield return sequence;
        }
    }

    private static void Advance(Scheduler scheduler, ScriptedExecutor executor, Scenario scenario, List<Tracked> open)
    {
        Step step = scheduler.Schedule();
        foreach (CacheOperation operation in step.Operations)
            operation.ApplyTo(executor);
        Assert.True(step.Batch.Count <= scenario.BatchTokens);
        Assert.True(scheduler.Running.Count <= scenario.Slots);
        if (step.Batch.Count == 0)
        {
            Assert.Empty(open);
            scheduler.Commit();
            return;
        }
        Tracked first = open.MinBy(tracked => tracked.Order)!;
        Assert.True(first.Scheduled > 0 || IsPromised(first, scheduler), "The first in the order is not served.");
        int decodes = executor.Decodes;
        DecodeStatus status = executor.Decode(step.Batch);
        Assert.Equal(decodes + 1, executor.Decodes);
        switch (status)
        {
            case DecodeStatus.Success:
                scheduler.Commit();
                break;
            case DecodeStatus.Aborted:
                foreach (Chunk chunk in step.Chunks)
                    executor.Truncate(chunk.Sequence.Slot, chunk.Sequence.Computed);
                scheduler.Rollback();
                break;
            case DecodeStatus.NoKvSlot:
                scheduler.Rollback();
                scheduler.Relieve();
                return;
        }
        Assert.Equal(executor.UsedCells, scheduler.CellsInUse);
        if (status == DecodeStatus.Success)
            Sample(scheduler, executor, step, open);
    }

    private static void Sample(Scheduler scheduler, ScriptedExecutor executor, Step step, List<Tracked> open)
    {
        foreach (Chunk chunk in step.Chunks.Where(chunk => chunk.Outputs > 0))
        {
            // The rows after the first are those of guessed tokens: they count as long as the guess was right.
            for (int row = chunk.FirstOutput; row < chunk.FirstOutput + chunk.Outputs; row++)
            {
                if (chunk.Sequence.State != SequenceState.Finished && step.Batch.Positions[row] < chunk.Sequence.Computed)
                    Sample(scheduler, executor.Logits(row), chunk, open);
            }
        }
    }

    private static void Sample(Scheduler scheduler, Span<float> logits, Chunk chunk, List<Tracked> open)
    {
        int best = logits.IndexOf(System.Numerics.Tensors.TensorPrimitives.Max(logits));
        Tracked[] takers = chunk.Sequence.Known > chunk.Sequence.PromptLength
            ? [(Tracked)chunk.Sequence]
            : [.. open.Where(other => other == chunk.Sequence
                || (other.Group == chunk.Sequence.Group && other.Known == other.PromptLength && other.State == SequenceState.Waiting))];
        foreach (Tracked taker in takers)
        {
            taker.Append(best);
            if (best != LetterTokenizer.Eos && taker.Known - taker.PromptLength < taker.NewTokens)
                continue;
            scheduler.Remove(taker);
            open.Remove(taker);
            int[] prompt = taker.Tokens[..taker.PromptLength].ToArray();
            Assert.Equal(ScriptedExecutor.Continue(prompt, taker.NewTokens), taker.Tokens[taker.PromptLength..].ToArray());
        }
    }

    // A waiting sequence may let a running one finish the beginning that both share.
    private static bool IsPromised(Tracked sequence, Scheduler scheduler) =>
        sequence.State == SequenceState.Waiting && scheduler.Running.Any(other => other.Scheduled > 0 && other.Tokens[0] == sequence.Tokens[0]);

    private sealed class Tracked(object group, SchedulingOrder order, int[] prompt, int newTokens, int cancelAt, int[] guesses)
        : SchedulableSequence(group, order, prompt, prompt.Length + newTokens)
    {
        private int _guesses;

        public int NewTokens { get; } = newTokens;

        public int CancelAt { get; } = cancelAt;

        // So many right tokens in turn, and after them a wrong one.
        protected override int Guess(Span<int> drafts, StepYield expected)
        {
            if (guesses.Length == 0)
                return 0;
            int right = guesses[_guesses++ % guesses.Length];
            int most = Math.Min(drafts.Length, NewTokens - (Known - PromptLength) - 1);
            List<int> next = ScriptedExecutor.Continue(Tokens.ToArray(), Math.Min(most, right + 1));
            for (int i = 0; i < next.Count; i++)
                drafts[i] = i < right ? next[i] : (next[i] + 1) % 61;
            return next.Count;
        }
    }

    private sealed record Scenario(
        int KvCells, int Slots, int BatchTokens, bool KeepFinished, int SavableTokens, bool MovesIdle, int[] Guesses, int[] Failures,
        Arrival[] Requests)
    {
        // One that holds prompts back as much as it can, or one that never does.
        public PrefillPace Pace()
        {
            var pace = new PrefillPace(TimeSpan.FromTicks(1));
            if (KvCells % 2 == 0)
                pace.Observe(1, 0, TimeSpan.FromSeconds(1));
            return pace;
        }

        public override string ToString() =>
            $"cells {KvCells}, slots {Slots}, batch {BatchTokens}, keep {KeepFinished}, savable {SavableTokens}, moves {MovesIdle}, "
                + $"guesses [{string.Join(',', Guesses)}], failures [{string.Join(',', Failures)}], "
                + $"{string.Join("; ", Requests.Select(request => request.ToString()))}";
    }

    private sealed record Arrival(int Step, int Shared, int Own, int NewTokens, int Count, int CancelAfter, int Priority)
    {
        public int PromptLength => Shared + Own;

        // The engine refuses what does not fit into the cache even alone.
        public Arrival FittedInto(int kvCells) => this with { NewTokens = Math.Min(NewTokens, kvCells - PromptLength) };
    }
}
