using System.Diagnostics;
using LlamaHost.Bench.Load;
using LlamaHost.Bench.Serving;

namespace LlamaHost.Bench.Interference;

/// <summary>One turn on one server: streams run, then a long prompt comes in.</summary>
/// <param name="Before">Milliseconds between tokens of the streams, before the prompt was sent.</param>
/// <param name="During">The same from then until the prompt had its first token.</param>
/// <param name="PromptTime">How long that took.</param>
/// <param name="Error">What went wrong.</param>
internal sealed record InterferenceRun(double[] Before, double[] During, TimeSpan PromptTime, string? Error)
{
    public static async Task<InterferenceRun> MeasureAsync(
        CompletionClient client, InterferenceSuite.Settings settings, int turn, CancellationToken cancellationToken)
    {
        var prompts = new PromptSource(settings.Seed, turn);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var streams = new Completion[settings.Streams];
        var running = new Task[settings.Streams];
        for (int i = 0; i < streams.Length; i++)
        {
            streams[i] = new Completion(Stopwatch.GetTimestamp());
            var request = new CompletionRequest { PromptTokens = prompts.Next(32), NewTokens = settings.StreamTokens };
            running[i] = RunUntilStoppedAsync(request, streams[i]);
        }
        await Task.WhenAll(streams.Select(stream => stream.Started)).WaitAsync(cancellationToken).ConfigureAwait(false);
        long begin = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(settings.Before), cancellationToken).ConfigureAwait(false);
        // A few tokens more than the first, so that each stream has the one that it waited for meanwhile.
        var prompt = new CompletionRequest { PromptTokens = prompts.Next(settings.PromptTokens), NewTokens = 8 };
        long sent = Stopwatch.GetTimestamp();
        Completion answer = await client.CompleteAsync(prompt, sent, cancellationToken).ConfigureAwait(false);
        string? error = streams.Append(answer).FirstOrDefault(one => one.Error is not null)?.Error
            ?? (running.Any(stream => stream.IsCompleted) ? "A stream ended before the prompt was in: give --stream-tokens more." : null);
        await stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(running).ConfigureAwait(false);
        (long Start, long End)[] gaps = [.. streams.SelectMany(stream => stream.Gaps())];
        return new InterferenceRun(
            Milliseconds(gaps.Where(gap => gap.Start >= begin && gap.End <= sent)),
            Milliseconds(gaps.Where(gap => gap.End > sent && gap.Start < answer.FirstArrival)),
            answer.TimeToFirstToken, error);

        static double[] Milliseconds(IEnumerable<(long Start, long End)> gaps) =>
            [.. gaps.Select(gap => Stopwatch.GetElapsedTime(gap.Start, gap.End).TotalMilliseconds)];

        async Task RunUntilStoppedAsync(CompletionRequest request, Completion completion)
        {
            try
            {
                await client.StreamAsync(request, completion, stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // Its tokens are counted no longer.
            }
        }
    }
}
