namespace LlamaHost.Engine.Scheduling;

/// <summary>Finds computed content that a sequence can share instead of computing it again.</summary>
internal static class PrefixSearch
{
    // Waiting for another request's prefill saves computing only if enough is shared to pay for the wait.
    private const int SharedPrefixWorthWaiting = 32;

    /// <summary>
    /// The slot that shares the longest computed beginning with the sequence, and whether a prefill under way will soon offer a longer one.
    /// Tokens whose logits are wanted are always computed anew: the last known one, or more.
    /// </summary>
    public static (int Source, int Length, bool SoonBetter) Find(SlotTable slots, SchedulableSequence sequence)
    {
        ReadOnlySpan<int> wanted = sequence.Tokens[..sequence.OutputsFrom];
        int source = -1;
        int longest = 0;
        int promised = 0;
        for (int slot = 0; slot < slots.Count; slot++)
        {
            ReadOnlySpan<int> content = slots.Content(slot);
            SchedulableSequence? owner = slots.Owner(slot);
            int computed = wanted.CommonPrefixLength(content);
            if (computed > longest)
                (source, longest) = (slot, computed);
            if (owner is null)
                continue;
            bool siblings = ReferenceEquals(owner.Group, sequence.Group);
            if (siblings && AwaitsFirstToken(owner) && AwaitsFirstToken(sequence))
            {
                // One sequence of a group computes the prompt; the others choose their first token from its logits.
                promised = int.MaxValue;
            }
            else if (computed == content.Length && owner.Pending > 1)
            {
                int shared = wanted.CommonPrefixLength(owner.Tokens);
                promised = Math.Max(promised, siblings || shared - computed >= SharedPrefixWorthWaiting ? shared : 0);
            }
        }
        return (source, longest, promised > longest);
    }

    private static bool AwaitsFirstToken(SchedulableSequence sequence) => sequence.Known == sequence.PromptLength;
}
