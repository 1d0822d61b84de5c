using LlamaHost.Engine.Requests;

namespace LlamaHost.Runtime.Generations;

/// <summary>Decides whether a model takes more work. Not thread-safe.</summary>
/// <param name="maxOpenSequences">Most sequences open at the same time.</param>
/// <param name="time">Clock of the estimate.</param>
internal sealed class Admission(int maxOpenSequences, TimeProvider time)
{
    private static readonly TimeSpan ShutDownRetryAfter = TimeSpan.FromSeconds(30);

    private readonly Throughput _throughput = new(time);

    /// <summary>Sequences that are open.</summary>
    public int Open { get; private set; }

    /// <summary>No more work is taken.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Throws if so many sequences could never be admitted, or nothing is at all.</summary>
    /// <param name="sequences">How many would be computed at the same time.</param>
    /// <param name="field">The parameter that asks for them.</param>
    /// <exception cref="InvalidRequestException"><c>too_many_sequences</c>.</exception>
    /// <exception cref="ModelUnavailableException"><c>shutting_down</c>.</exception>
    public void ThrowIfImpossible(int sequences, string field)
    {
        if (IsClosed)
            throw new ModelUnavailableException("shutting_down", "The server is shutting down.", isOverload: false, ShutDownRetryAfter);
        if (sequences <= maxOpenSequences)
            return;
        string message = $"{sequences} sequences would have to be computed; this server computes at most {maxOpenSequences} at the same time.";
        throw new InvalidRequestException("too_many_sequences", field, message);
    }

    /// <summary>Takes the sequences, all or none.</summary>
    /// <param name="sequences">How many will be computed at the same time.</param>
    /// <param name="field">The parameter that asks for them.</param>
    /// <exception cref="InvalidRequestException"><c>too_many_sequences</c>.</exception>
    /// <exception cref="ModelUnavailableException"><c>shutting_down</c> or <c>queue_full</c>.</exception>
    public void Admit(int sequences, string field = "num_return_sequences")
    {
        ThrowIfImpossible(sequences, field);
        int tooMany = Open + sequences - maxOpenSequences;
        if (tooMany > 0)
        {
            string message = $"The queue is full: {Open} sequences are open, {sequences} more were asked for, at most {maxOpenSequences} fit.";
            throw new ModelUnavailableException("queue_full", message, isOverload: true, _throughput.TimeUntilEnded(tooMany));
        }
        Open += sequences;
    }

    /// <summary>That many of the open ones have ended.</summary>
    public void Release(int sequences)
    {
        Open -= sequences;
        for (int i = 0; i < sequences; i++)
            _throughput.Count();
    }
}
