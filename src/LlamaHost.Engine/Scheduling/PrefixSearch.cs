namespace LlamaHost.Engine.Scheduling;

/// <summary>Finds computed content that a sequence can share instead of computing it again.</summary>
internal static class PrefixSearch
{
    // Waiting for another request's prefill takes a step. Fewer tokens are computed again in less time than that.
    private const int SharedPrefixWorthWaiting = 8;

    /// <summary>
    /// The slot that shares the longest computed beginning with the sequence, and whether a prefill under way will soon offer a longer one than
    /// slots and
    /// saved content do. Tokens whose logits are wanted are always computed anew: the last known one, or more.
    /// </summary>
    public static PrefixMatch Find(SlotTable slots, SavedPrefixes saved, SchedulableSequence sequence)
    {
        ReadOnlySpan<int> wanted = sequence.Tokens[..sequence.OutputsFrom];
        int source = -1;
        int longest = 0;
        int promised = 0;
        for (int slot = 0; slot < slots.Count; slot++)
        {
            if (!slots.IsOpenTo(slot, sequence))
                continue;
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
        int reusable = Math.Max(longest, saved.Match(sequence.Salt, wanted));
        return new PrefixMatch(source, longest, reusable, promised > reusable);
    }

    private static bool AwaitsFirstToken(SchedulableSequence sequence) => sequence.Known == sequence.PromptLength;
}

/// <summary>What a sequence can share.</summary>
/// <param name="Source">Slot, or −1.</param>
/// <param name="Length">Tokens of the slot.</param>
/// <param name="Reusable">Tokens that need not be computed, if what is saved is copied back.</param>
/// <param name="SoonBetter">A prefill under way will soon offer more.</param>
internal readonly record struct PrefixMatch(int Source, int Length, int Reusable, bool SoonBetter);
