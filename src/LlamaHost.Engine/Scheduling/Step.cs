using LlamaHost.Engine.Execution;

namespace LlamaHost.Engine.Scheduling;

/// <summary>What one step does: first the cache operations in their order, then the batch. Reused from step to step.</summary>
internal sealed class Step(int batchTokens)
{
    /// <summary>Forks and truncations that make the cache ready for the batch.</summary>
    public List<CacheOperation> Operations { get; } = [];

    /// <summary>The tokens to compute.</summary>
    public Batch Batch { get; } = new(batchTokens);

    /// <summary>The sequences that have tokens in the batch.</summary>
    public List<Chunk> Chunks { get; } = [];

    /// <summary>Puts the scheduled tokens of the sequences into the batch, in place of what was there.</summary>
    public void Fill(IReadOnlyList<SchedulableSequence> sequences)
    {
        Batch.Clear();
        Chunks.Clear();
        foreach (SchedulableSequence sequence in sequences)
        {
            if (sequence.Scheduled == 0)
                continue;
            int end = sequence.Computed + sequence.Scheduled;
            int outputs = Math.Max(0, end - sequence.OutputsFrom);
            int index = -1;
            for (int position = sequence.Computed; position < end; position++)
                index = Batch.Add(sequence.Tokens[position], position, sequence.Slot, output: position >= sequence.OutputsFrom);
            Chunks.Add(new Chunk(sequence, index + 1 - outputs, outputs));
        }
    }
}

/// <summary>A sequence's part of a step.</summary>
/// <param name="Sequence">The sequence.</param>
/// <param name="FirstOutput">Batch index of the first of its tokens after which logits are wanted. They are its last ones.</param>
/// <param name="Outputs">How many there are: 0 for a prompt that goes on in the next step, usually 1, more where given tokens are scored.</param>
internal readonly record struct Chunk(SchedulableSequence Sequence, int FirstOutput, int Outputs);
