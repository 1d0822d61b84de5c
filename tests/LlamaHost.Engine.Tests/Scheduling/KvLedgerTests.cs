using CsCheck;
using LlamaHost.Engine.Scheduling;

namespace LlamaHost.Engine.Tests.Scheduling;

public sealed class KvLedgerTests
{
    [Fact]
    public void Forked_cells_are_counted_once_and_freed_with_their_last_holder()
    {
        var ledger = new KvLedger(10, 3);
        ledger.Append(0, 4);
        ledger.Fork(0, 1, 3);
        Assert.Equal(6, ledger.Free);
        ledger.Truncate(0, 0);
        Assert.Equal(7, ledger.Free);
        ledger.Truncate(1, 1);
        Assert.Equal(9, ledger.Free);
    }

    [Fact]
    public void Taking_more_than_is_free_is_refused()
    {
        var ledger = new KvLedger(4, 1);
        Assert.Throws<InvalidOperationException>(() => ledger.Append(0, 5));
    }

    [Fact]
    public void Free_and_available_cells_equal_a_naive_count_after_any_operations() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 6]).Array[0, 60].Sample(operations =>
        {
            const int Cells = 32;
            var ledger = new KvLedger(Cells, 4);
            var slots = Enumerable.Range(0, 4).Select(_ => new List<object>()).ToArray();
            bool[] busy = new bool[4];
            foreach ((int kind, int slot, int other, int amount) in operations)
            {
                switch (kind)
                {
                    case 0 when ledger.Free >= amount:
                        ledger.Append(slot, amount);
                        slots[slot].AddRange(Enumerable.Range(0, amount).Select(_ => new object()));
                        break;
                    case 1 when slot != other && slots[other].Count == 0:
                        int length = Math.Min(amount, slots[slot].Count);
                        ledger.Fork(slot, other, length);
                        slots[other].AddRange(slots[slot].Take(length));
                        break;
                    case 2:
                        ledger.Truncate(slot, amount);
                        slots[slot] = [.. slots[slot].Take(amount)];
                        break;
                    case 3:
                        busy[slot] = !busy[slot];
                        ledger.SetBusy(slot, busy[slot]);
                        break;
                }
                int used = slots.SelectMany(cells => cells).Distinct().Count();
                int busyCells = slots.Where((_, index) => busy[index]).SelectMany(cells => cells).Distinct().Count();
                Assert.Equal(Cells - used, ledger.Free);
                Assert.Equal(Cells - busyCells, ledger.Available);
                Assert.All(Enumerable.Range(0, 4), index => Assert.Equal(slots[index].Count, ledger.Length(index)));
            }
        });
}
