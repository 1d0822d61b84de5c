namespace LlamaHost.Engine.Scheduling;

/// <summary>
/// Puts guessed tokens into what is left of a step when everything known has its place: the rest of the budget, cells that are free or kept for
/// reuse. Nobody is preempted for a guess.
/// </summary>
internal sealed class DraftAdmission(KvSpace space, StepCost cost)
{
    private readonly StepYield _yield = new(cost);

    /// <summary>Lets each decoding sequence guess as much as the step gains by.</summary>
    /// <param name="running">The sequences in their order, known tokens scheduled.</param>
    /// <param name="rows">Tokens of the step so far.</param>
    /// <param name="most">Most tokens to add.</param>
    public void Admit(List<SchedulableSequence> running, int rows, int most)
    {
        _yield.Begin(rows);
        foreach (SchedulableSequence sequence in running)
        {
            int room = Math.Min(most, space.Available);
            if (room == 0)
                return;
            if (sequence.Pending != 1 || sequence.Scheduled != 1)
                continue;
            sequence.Draft(room, _yield);
            while (space.Free < sequence.Drafted)
                space.EvictOldest();
            space.Append(sequence, sequence.Drafted);
            sequence.Scheduled += sequence.Drafted;
            most -= sequence.Drafted;
        }
    }
}
