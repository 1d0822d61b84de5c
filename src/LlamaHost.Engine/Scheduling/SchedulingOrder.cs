namespace LlamaHost.Engine.Scheduling;

/// <summary>
/// A sequence's place in the one order that decides who is served first and who is preempted last. The i-th sequence of a request stands as if
/// it had come with the i-th request after: a request for many sequences yields to those behind it without ever being starved by them.
/// </summary>
/// <param name="Priority">Lower is served before higher, whenever it comes.</param>
/// <param name="Ticket">Arrival number of the request plus the sequence's index in it.</param>
/// <param name="Arrival">Arrival number of the request.</param>
internal readonly record struct SchedulingOrder(int Priority, long Ticket, long Arrival) : IComparable<SchedulingOrder>
{
    public static SchedulingOrder Of(int priority, long arrival, int index) => new(priority, arrival + index, arrival);

    public int CompareTo(SchedulingOrder other) =>
        Priority != other.Priority ? Priority.CompareTo(other.Priority)
        : Ticket != other.Ticket ? Ticket.CompareTo(other.Ticket)
        : Arrival.CompareTo(other.Arrival);

    public static bool operator <(SchedulingOrder left, SchedulingOrder right) => left.CompareTo(right) < 0;

    public static bool operator >(SchedulingOrder left, SchedulingOrder right) => left.CompareTo(right) > 0;

    public static bool operator <=(SchedulingOrder left, SchedulingOrder right) => left.CompareTo(right) <= 0;

    public static bool operator >=(SchedulingOrder left, SchedulingOrder right) => left.CompareTo(right) >= 0;
}
