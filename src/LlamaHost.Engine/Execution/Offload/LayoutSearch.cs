using LlamaHost.Engine.Requests;
using LlamaHost.Gguf;
using LlamaHost.Native;

namespace LlamaHost.Engine.Execution.Offload;

/// <summary>
/// Finds the layout of a model on GPUs: the planner's, corrected by what llama.cpp measures of it until both agree.
/// </summary>
/// <param name="settings">Which model, and how.</param>
/// <param name="devices">The GPUs, with the memory that is free.</param>
/// <param name="measure">The bytes that a layout takes on each device, exactly; <see langword="null"/>: nobody knows.</param>
internal sealed class LayoutSearch(
    EngineSettings settings, IReadOnlyList<BackendDevice> devices, Func<LoadLayout, IReadOnlyList<DeviceMemoryUse>?> measure)
{
    // Half a second each with a large vocabulary.
    private const int MostMeasurements = 8;

    // A shorter context than this is of little use; llama.cpp's own fitting stops here too.
    private const int LeastCells = 4096;

    private const double NextTry = 0.9;

    // Of a device that does not tell its memory, for those who ask for a number of layers.
    private const long Unlimited = long.MaxValue / 4;

    private readonly ModelShape? _shape = ReadShape(settings.ModelPath);
    private readonly long[] _budgets = [.. devices.Select(device => BudgetOf(device, settings.Offload))];
    private long[] _lastBytes = new long[devices.Count];

    /// <summary>The best layout that fits.</summary>
    /// <exception cref="ModelLoadException"><c>out_of_memory</c>: none does, and the settings don't allow the CPU instead.</exception>
    public LoadLayout Best()
    {
        // A file that can't be read is for llama.cpp to judge.
        if (_shape is null)
            return new LoadLayout { Devices = devices, GpuLayers = settings.Offload.GpuLayers.CountOf(int.MaxValue) ?? -1 };
        ThrowIfSplitDiffers();
        OffloadRequest request = RequestFor(_shape);
        long[] corrections = new long[devices.Count];
        OffloadPlan? best = null;
        OffloadPlan? previous = null;
        // Numbers of layers that are known to fit and not to.
        (int Fitting, int Failing) known = (0, request.Model.Layers + 1);
        for (int i = 0; i < MostMeasurements; i++)
        {
            OffloadRequest corrected = request with { Budgets = [.. _budgets.Zip(corrections, (budget, less) => Math.Max(0, budget - less))] };
            OffloadPlan plan = OffloadPlanner.Plan(corrected);
            if (request.Layers is null && (plan.GpuLayers <= known.Fitting || plan.GpuLayers >= known.Failing))
            {
                // The correction leads nowhere new: half the distance does.
                int middle = (known.Fitting + known.Failing) / 2;
                if (middle == known.Fitting)
                    break;
                plan = OffloadPlanner.Plan(corrected with { Layers = middle, LeastCells = request.Cells });
            }
            if (plan.GpuLayers == 0 || (previous is not null && IsSame(plan, previous)))
                break;
            previous = plan;
            if (measure(LayoutOf(plan, request)) is not { } uses)
            {
                // Then the estimate is all there is.
                (_lastBytes, best) = ([.. plan.DeviceBytes], plan.Fits ? plan : null);
                break;
            }
            long[] bytes = [.. devices.Select(device => uses.FirstOrDefault(use => use.Device == device.Name)?.TotalBytes ?? 0)];
            if (bytes.Zip(_budgets).All(pair => pair.First <= pair.Second))
            {
                if (best is null || IsBetter(plan, best))
                    (_lastBytes, best) = (bytes, plan);
                known.Fitting = Math.Max(known.Fitting, plan.GpuLayers);
            }
            else
            {
                if (best is null)
                    _lastBytes = bytes;
                // With fewer cells all layers may yet fit.
                if (plan.GpuLayers < request.Model.Layers || plan.Cells == request.LeastCells)
                    known.Failing = Math.Min(known.Failing, plan.GpuLayers);
            }
            // Of a device without layers nothing was learnt.
            for (int device = 0; device < devices.Count; device++)
                corrections[device] = plan.DeviceLayers[device] > 0 ? bytes[device] - plan.DeviceBytes[device] : corrections[device];
        }
        return best is not null ? LayoutOf(best, request) : WithoutRoom();
    }

    /// <summary>A layout that takes a tenth less memory on each device than the last one.</summary>
    /// <exception cref="ModelLoadException"><c>out_of_memory</c>: none fits, and the settings don't allow the CPU instead.</exception>
    public LoadLayout Smaller()
    {
        for (int device = 0; device < _budgets.Length; device++)
            _budgets[device] = Math.Min(_budgets[device], (long)(_lastBytes[device] * NextTry));
        return Best();
    }

    /// <summary>Memory is short: with how much is needed and how much there is.</summary>
    public ModelLoadException OutOfMemory(string reason)
    {
        string needs = string.Join(
            "; ", devices.Select((device, i) => $"{device.Name} needs {MiB(_lastBytes[i])} and has {MiB(device.FreeBytes)} free"));
        return new ModelLoadException(ModelLoadFailure.OutOfMemoryCode,
            $"{reason} {needs}. Fewer {nameof(OffloadSettings.GpuLayers)} ('{GpuLayers.Auto}' finds their number), a smaller context or smaller "
            + "types of the KV cache need less.");
    }

    private LoadLayout WithoutRoom()
    {
        string devicesText = string.Join(" and ", devices.Select(device => $"{device.Name} ({MiB(device.FreeBytes)} free)"));
        if (!settings.Offload.GpuLayers.IsAuto)
            throw OutOfMemory($"{settings.Offload.GpuLayers} layers don't fit on {devicesText}.");
        string reason = $"Not one layer fits on {devicesText}, of which {settings.Offload.GpuMemoryMarginMiB} MiB are left free.";
        return settings.Offload.MayFallBack ? new LoadLayout { Note = reason } : throw OutOfMemory(reason);
    }

    private LoadLayout LayoutOf(OffloadPlan plan, OffloadRequest request)
    {
        int[] used = [.. Enumerable.Range(0, devices.Count).Where(device => plan.DeviceLayers[device] > 0)];
        return new LoadLayout
        {
            Devices = [.. used.Select(device => devices[device])],
            DeviceLayers = used.Length > 1 ? [.. used.Select(device => plan.DeviceLayers[device])] : [],
            // All: layers that are not counted, such as those that predict several tokens, too.
            GpuLayers = plan.GpuLayers == request.Model.Layers ? -1 : plan.GpuLayers,
            Cells = plan.Cells < request.Cells ? plan.Cells : null,
            Note = NoteOf(plan, request),
        };
    }

    private string? NoteOf(OffloadPlan plan, OffloadRequest request)
    {
        string room = string.Join(" and ", devices.Select((device, i) => $"{device.Name} ({MiB(_budgets[i])} may be used)"));
        if (plan.Cells < request.Cells)
            return $"The KV cache has {plan.Cells} cells instead of {request.Cells}, so that all layers fit on {room}.";
        return plan.GpuLayers < request.Model.Layers && request.Layers is null
            ? $"{plan.GpuLayers} of {request.Model.Layers} layers are on the GPU: more don't fit on {room}."
            : null;
    }

    private OffloadRequest RequestFor(ModelShape shape)
    {
        int contextLength = LoadedModel.ContextLengthFor(settings, shape.TrainedContextLength);
        int cells = MemoryEstimate.RoundUp(settings.KvCells > 0 ? settings.KvCells : contextLength);
        bool isAskedFor = settings.KvCells > 0 || settings.ContextLength > 0;
        return new OffloadRequest
        {
            Model = shape,
            Budgets = _budgets,
            Layers = settings.Offload.GpuLayers.CountOf(shape.Layers),
            TensorSplit = settings.Offload.TensorSplit,
            Cells = cells,
            LeastCells = isAskedFor ? cells : Math.Min(cells, LeastCells),
            BatchTokens = settings.BatchTokens,
            KeyType = GgmlBlock.Of((int)settings.KvCacheTypeK.ToNative()),
            ValueType = GgmlBlock.Of((int)settings.KvCacheTypeV.ToNative()),
            OffloadKv = settings.Offload.OffloadKv,
            FlashAttention = settings.FlashAttention != FlashAttention.Off,
        };
    }

    private void ThrowIfSplitDiffers()
    {
        int parts = settings.Offload.TensorSplit.Count;
        if (parts > 0 && parts != devices.Count)
        {
            throw new ModelLoadException("gpu_unavailable",
                $"{nameof(OffloadSettings.TensorSplit)} has {parts} proportions, but there are {devices.Count} devices: "
                + $"{string.Join(", ", devices.Select(device => device.Name))}.");
        }
    }

    private static ModelShape? ReadShape(string path)
    {
        try
        {
            ModelShape shape = ModelShape.Read(path);
            return shape.Blocks.Count > 0 ? shape : null;
        }
        catch (Exception failure) when (failure is InvalidGgufException or IOException or UnauthorizedAccessException or OverflowException)
        {
            return null;
        }
    }

    // The margin is for what else uses the device; who asks for a number of layers has seen to that.
    private static long BudgetOf(BackendDevice device, OffloadSettings offload)
    {
        if (offload.GpuLayers.IsAuto)
            return Math.Max(0, device.FreeBytes - (offload.GpuMemoryMarginMiB * (1L << 20)));
        return device.TotalBytes > 0 ? device.FreeBytes : Unlimited;
    }

    private static bool IsSame(OffloadPlan one, OffloadPlan other) =>
        one.Cells == other.Cells && one.DeviceLayers.SequenceEqual(other.DeviceLayers);

    private static bool IsBetter(OffloadPlan one, OffloadPlan other) =>
        (one.GpuLayers, one.Cells).CompareTo((other.GpuLayers, other.Cells)) > 0;

    private static string MiB(long bytes) => FormattableString.Invariant($"{(bytes + (1L << 20) - 1) >> 20} MiB");
}
