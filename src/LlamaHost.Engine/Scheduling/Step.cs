using LlamaHost.Engine.Execution;

namespace LlamaHost.Engine.Scheduling;

/// <summary>What one step does: first the cache operations in their order, then the batch. Reused from step to step.</summary>
internal sealed class Step(int batchTokens)
{
    /// <summary>Forks and truncations that make the cache ready for the batch.</summary>
    public List<CacheOperation> Operations { get; } = [];

    /// <summary>The tokens to compute.</summary>
    public Batch Batch { get; } = new(batchTokens);

    /// <summary>Tokens in the batch that belong to sequences which lack only their last one; the others are of prompts.</summary>
    public int RunningTokens { get; private set; }

    /// <summary>Tokens in the batch after which logits are wanted.</summary>
    public int Outputs { get; private set; }

    /// <summary>The sequences that have tokens in the batch.</summary>
    public List<Chunk> Chunks { get; } = [];

    /// <summary>Puts the scheduled tokens of the sequences into the batch, in place of what was there.</summary>
    public void Fill(List<SchedulableSequence> sequences)
    {
        Batch.Clear();
        Chunks.Clear();
        (RunningTokens, Outputs) = (0, 0);
        foreach (SchedulableSequence sequence in sequences)
        {
            if (sequence.Scheduled == 0)
                continue;
            if (sequence.Pending == 1)
                RunningTokens += sequence.Scheduled;
            int end = sequence.Computed + sequence.Scheduled;
            int outputs = Math.Max(0, end - sequence.OutputsFrom);
            int index = -1;
            for (int position = sequence.Computed; position < end; position++)
                index = Batch.Add(sequence.TokensWithDrafts[position], position, sequence.Slot, output: position >= sequence.OutputsFrom);
            Outputs += outputs;
            Chunks.Add(new Chunk(sequence, index + 1 - outputs, outputs));
        }
    }

    /// <summary>Every token is computed.</summary>
    public void Commit()
    {
        Operations.Clear();
        foreach (Chunk chunk in Chunks)
        {
            // Guessed tokens count as computed when they are chosen.
            chunk.Sequence.Computed += chunk.Sequence.Scheduled - chunk.Sequence.Drafted;
            chunk.Sequence.ComputedDrafts += chunk.Sequence.Drafted;
            chunk.Sequence.Scheduled = 0;
        }
    }

    /// <summary>No token is computed; the operations are carried out.</summary>
    public void Rollback(KvSpace space)
    {
        Operations.Clear();
        foreach (Chunk chunk in Chunks)
        {
            space.Truncate(chunk.Sequence);
            chunk.Sequence.Scheduled = 0;
            chunk.Sequence.Drafted = 0;
        }
    }
}

/// <summary>A sequence's part of a step.</summary>
/// <param name="Sequence">The sequence.</param>
/// <param name="FirstOutput">Batch index of the first of its tokens after which logits are wanted. They are its last ones.</param>
/// <param name="Outputs">
/// How many there are: 0 for a prompt that goes on in the next step, usually 1, more where given or guessed tokens are verified.
/// </param>
internal readonly record struct Chunk(SchedulableSequence Sequence, int FirstOutput, int Outputs);
