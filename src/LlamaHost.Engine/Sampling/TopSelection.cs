using System.Numerics;

namespace LlamaHost.Engine.Sampling;

/// <summary>Selection of largest numbers without sorting them all.</summary>
internal static class TopSelection
{
    // A heap of this size fits the fast cache and is rarely updated; beyond it, partitioning is cheaper.
    private const int LargestHeap = 256;

    /// <summary>The k-th largest value; the smallest for a k beyond the count. NaN counts as smaller than everything.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="k">From 1.</param>
    /// <param name="scratch">As long as the values; its content is lost.</param>
    public static float KthLargest(ReadOnlySpan<float> values, int k, Span<float> scratch)
    {
        k = Math.Min(k, values.Length);
        return k <= LargestHeap ? KthByHeap(values, scratch[..k]) : KthByPartition(values, k, scratch[..values.Length]);
    }

    /// <summary>Indices of the largest values, largest first, the lower index first among equals.</summary>
    /// <param name="values">At least as many as <paramref name="indices"/>.</param>
    /// <param name="indices">Receives them.</param>
    /// <param name="scratch">As long as the values; its content is lost.</param>
    public static void Largest(ReadOnlySpan<float> values, Span<int> indices, Span<float> scratch)
    {
        if (indices.IsEmpty)
            return;
        float threshold = KthLargest(values, indices.Length, scratch);
        int equals = indices.Length - WeightedQuantile.Count(values, threshold).Greater;
        int filled = 0;
        int width = Vector<float>.Count;
        for (int start = 0; start < values.Length && filled < indices.Length; start += width)
        {
            ReadOnlySpan<float> block = values.Slice(start, Math.Min(width, values.Length - start));
            if (block.Length == width && !Vector.GreaterThanOrEqualAny(new Vector<float>(block), new Vector<float>(threshold)))
                continue;
            for (int i = 0; i < block.Length && filled < indices.Length; i++)
            {
                if (block[i] > threshold || (block[i] == threshold && equals-- > 0))
                    indices[filled++] = start + i;
            }
        }
        Span<float> keys = scratch[..filled];
        for (int i = 0; i < filled; i++)
            keys[i] = -values[indices[i]];
        StableSort(keys, indices[..filled]);
    }

    // Insertion sort: there are at most a few dozen.
    private static void StableSort(Span<float> keys, Span<int> items)
    {
        for (int i = 1; i < keys.Length; i++)
        {
            (float key, int item) = (keys[i], items[i]);
            int j = i - 1;
            for (; j >= 0 && keys[j] > key; j--)
                (keys[j + 1], items[j + 1]) = (keys[j], items[j]);
            (keys[j + 1], items[j + 1]) = (key, item);
        }
    }

    // Min-heap of the k largest so far. Whole vectors without anything above its root are passed over.
    private static float KthByHeap(ReadOnlySpan<float> values, Span<float> heap)
    {
        int k = heap.Length;
        for (int i = 0; i < k; i++)
            heap[i] = float.IsNaN(values[i]) ? float.NegativeInfinity : values[i];
        for (int i = (k / 2) - 1; i >= 0; i--)
            SiftDown(heap, i);
        int position = k;
        for (; position <= values.Length - Vector<float>.Count; position += Vector<float>.Count)
        {
            if (!Vector.GreaterThanAny(new Vector<float>(values[position..]), new Vector<float>(heap[0])))
                continue;
            for (int i = position; i < position + Vector<float>.Count; i++)
                Offer(heap, values[i]);
        }
        for (; position < values.Length; position++)
            Offer(heap, values[position]);
        return heap[0];
    }

    private static void Offer(Span<float> heap, float value)
    {
        if (!(value > heap[0]))
            return;
        heap[0] = value;
        SiftDown(heap, 0);
    }

    private static void SiftDown(Span<float> heap, int index)
    {
        float value = heap[index];
        while (true)
        {
            int child = (2 * index) + 1;
            if (child >= heap.Length)
                break;
            if (child + 1 < heap.Length && heap[child + 1] < heap[child])
                child++;
            if (heap[child] >= value)
                break;
            heap[index] = heap[child];
            index = child;
        }
        heap[index] = value;
    }

    private static float KthByPartition(ReadOnlySpan<float> values, int k, Span<float> work)
    {
        values.CopyTo(work);
        foreach (ref float value in work)
            value = float.IsNaN(value) ? float.NegativeInfinity : value;
        double below = 0;
        // Ascending, the k-th largest is the first that has more than all but k up to it.
        return WeightedQuantile.Find(work, [], values.Length - k, ref below, stackalloc ulong[BitMask.Words(work.Length)]);
    }
}
