namespace LlamaHost.Engine.Execution.Offload;

/// <summary>
/// Decides how many layers go to which GPU. Pure: what is free is part of the question. Layers go to the GPUs in order and as a whole; as in
/// llama.cpp, the last ones first, because the output is the costliest.
/// </summary>
internal static class OffloadPlanner
{
    private const int CellStep = 256;

    /// <summary>
    /// The best layout. As many layers as fit, or the number that was asked for whether it fits or not. If all layers fit only with a smaller KV
    /// cache, and its size was not asked for, they get the largest one with which they do; if they don't fit even so, the cache stays as wanted.
    /// </summary>
    public static OffloadPlan Plan(OffloadRequest request)
    {
        int all = request.Model.Layers;
        int wanted = Math.Min(request.Layers ?? all, all);
        OffloadPlan plan = Layout(request, wanted, request.Cells);
        if (plan.Fits)
            return plan;
        if (LargestCells(request, wanted) is { } shrunk)
            return shrunk;
        if (request.Layers is not null)
            return plan;
        for (int layers = all - 1; layers >= 0; layers--)
        {
            plan = Layout(request, layers, request.Cells);
            if (plan.Fits)
                return plan;
        }
        return plan;
    }

    /// <summary>The largest cache with which so many layers fit. The more cells, the more bytes: a binary search.</summary>
    private static OffloadPlan? LargestCells(OffloadRequest request, int layers)
    {
        int low = (request.LeastCells + CellStep - 1) / CellStep;
        int high = (request.Cells - 1) / CellStep;
        OffloadPlan? best = null;
        while (low <= high)
        {
            int middle = low + ((high - low) / 2);
            OffloadPlan plan = Layout(request, layers, middle * CellStep);
            if (plan.Fits)
            {
                best = plan;
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
        return best;
    }

    private static OffloadPlan Layout(OffloadRequest request, int layers, int cells)
    {
        // Shared out, each device keeps some room; one after the other, more fits.
        OffloadPlan shared = Proportional(request, layers, cells);
        return shared.Fits || request.TensorSplit.Count > 0 || InOrder(request, layers, cells) is not { Fits: true } filled ? shared : filled;
    }

    /// <summary>Each device gets its share, of what was asked for or of the memory, as llama.cpp deals layers out.</summary>
    private static OffloadPlan Proportional(OffloadRequest request, int layers, int cells)
    {
        double[] shares = new double[request.Budgets.Count];
        for (int device = 0; device < shares.Length; device++)
        {
            shares[device] = request.TensorSplit.Count == 0 ? request.Budgets[device]
                : device < request.TensorSplit.Count ? request.TensorSplit[device] : 0;
        }
        double sum = shares.Sum();
        int[] counts = new int[shares.Length];
        double reached = 0;
        int dealt = 0;
        for (int device = 0; device < shares.Length; device++)
        {
            reached += shares[device];
            // The last device that has a share has the rest.
            int until = sum > 0 ? (int)Math.Min(layers, Math.Ceiling(layers * (reached / sum) - 1e-9)) : 0;
            counts[device] = until - dealt;
            dealt = until;
        }
        // Without any memory or share there is still a place to name.
        counts[0] += layers - dealt;
        return PlanOf(request, counts, cells);
    }

    /// <summary>Each device takes as many as it can before the next one does, which finds room wherever there is some.</summary>
    private static OffloadPlan InOrder(OffloadRequest request, int layers, int cells)
    {
        int end = request.Model.Layers;
        int next = end - layers;
        int[] counts = new int[request.Budgets.Count];
        for (int device = 0; device < counts.Length; device++)
        {
            int first = next;
            while (next < end && MemoryEstimate.Of(request, cells, first, next + 1) <= request.Budgets[device])
                next++;
            counts[device] = next - first;
        }
        counts[^1] += end - next;
        return PlanOf(request, counts, cells);
    }

    private static OffloadPlan PlanOf(OffloadRequest request, int[] counts, int cells)
    {
        long[] bytes = new long[counts.Length];
        int first = request.Model.Layers - counts.Sum();
        bool fits = true;
        for (int device = 0; device < counts.Length; device++)
        {
            bytes[device] = MemoryEstimate.Of(request, cells, first, first + counts[device]);
            fits &= bytes[device] <= request.Budgets[device];
            first += counts[device];
        }
        return new OffloadPlan(counts, bytes, cells, fits);
    }
}
