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

    private readonly ModelShape? _shape = ReadShape(settings.ModelPath);
    private readonly DeviceRoom _room = new(devices, settings.Offload);

    // Of the layout that was found, or of the first that did not fit.
    private IReadOnlyList<long> _bytes = new long[devices.Count];

    /// <summary>The best layout that fits.</summary>
    /// <exception cref="ModelLoadException"><c>out_of_memory</c>: none does, and the settings don't allow the CPU instead.</exception>
    public LoadLayout Best()
    {
        // A file that can't be read is for llama.cpp to judge.
        if (_shape is null)
            return new LoadLayout { Devices = devices, GpuLayers = settings.Offload.GpuLayers.CountOf(int.MaxValue) ?? -1 };
        ThrowIfSplitDiffers();
        OffloadRequest request = RequestFor(_shape);
        return Search(request) is { } plan ? LayoutOf(plan, request) : WithoutRoom();
    }

    /// <summary>A layout that takes a tenth less memory on each device than the last one.</summary>
    /// <exception cref="ModelLoadException"><c>out_of_memory</c>: none fits, and the settings don't allow the CPU instead.</exception>
    public LoadLayout Smaller()
    {
        _room.ShrinkTo(_bytes, NextTry);
        return Best();
    }

    /// <summary>Memory is short: with how much is needed and how much there is.</summary>
    public ModelLoadException OutOfMemory(string reason) => new(
        ModelLoadFailure.OutOfMemoryCode,
        $"{reason} {_room.Compare(_bytes)}. Fewer {nameof(OffloadSettings.GpuLayers)} ('{GpuLayers.Auto}' finds their number), a smaller context or "
        + "smaller types of the KV cache need less.");

    private OffloadPlan? Search(OffloadRequest request)
    {
        long[] corrections = new long[devices.Count];
        (OffloadPlan? best, OffloadPlan? previous) = (null, null);
        // Numbers of layers that are known to fit and not to.
        (int fitting, int failing) = (0, request.Model.Layers + 1);
        for (int i = 0; i < MostMeasurements; i++)
        {
            OffloadPlan? plan = Next(request, corrections, fitting, failing);
            if (plan is null || plan.GpuLayers == 0 || (previous is not null && IsSame(plan, previous)))
                break;
            previous = plan;
            IReadOnlyList<long>? measured = Measure(plan, request);
            long[] bytes = [.. measured ?? plan.DeviceBytes];
            bool fits = _room.Holds(bytes);
            if (fits ? best is null || IsBetter(plan, best) : best is null)
                _bytes = bytes;
            if (fits && (best is null || IsBetter(plan, best)))
                best = plan;
            // Where nobody measures, the estimate is all there is.
            if (measured is null)
                break;
            if (fits)
                fitting = Math.Max(fitting, plan.GpuLayers);
            // With fewer cells all layers may yet fit.
            else if (plan.GpuLayers < request.Model.Layers || plan.Cells == request.LeastCells)
                failing = Math.Min(failing, plan.GpuLayers);
            // Of a device without layers nothing was learnt.
            for (int device = 0; device < devices.Count; device++)
                corrections[device] = plan.DeviceLayers[device] > 0 ? bytes[device] - plan.DeviceBytes[device] : corrections[device];
        }
        return best;
    }

    /// <summary>
    /// The plan with the estimate corrected. Where that leads to nothing new, half the distance between what fits and what does not.
    /// </summary>
    private OffloadPlan? Next(OffloadRequest request, long[] corrections, int fitting, int failing)
    {
        OffloadRequest corrected = request with { Budgets = [.. _room.Bytes.Zip(corrections, (room, less) => Math.Max(0, room - less))] };
        OffloadPlan plan = OffloadPlanner.Plan(corrected);
        if (request.Layers is not null || (plan.GpuLayers > fitting && plan.GpuLayers < failing))
            return plan;
        int middle = (fitting + failing) / 2;
        return middle == fitting ? null : OffloadPlanner.Plan(corrected with { Layers = middle, LeastCells = request.Cells });
    }

    private long[]? Measure(OffloadPlan plan, OffloadRequest request) => measure(LayoutOf(plan, request)) is { } uses
        ? [.. devices.Select(device => uses.FirstOrDefault(use => use.Device == device.Name)?.TotalBytes ?? 0)]
        : null;

    private LoadLayout WithoutRoom()
    {
        if (!settings.Offload.GpuLayers.IsAuto)
            throw OutOfMemory($"{settings.Offload.GpuLayers} layers don't fit.");
        string reason = $"Not one layer fits on {_room}.";
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
        if (plan.Cells < request.Cells)
            return $"The KV cache has {plan.Cells} cells instead of {request.Cells}, so that the layers fit on {_room}.";
        return plan.GpuLayers < request.Model.Layers && request.Layers is null
            ? $"{plan.GpuLayers} of {request.Model.Layers} layers are on the GPU: more don't fit on {_room}."
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
            Budgets = _room.Bytes,
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
                $"{nameof(OffloadSettings.TensorSplit)} has {parts} proportions, but the devices are "
                + $"{string.Join(" and ", devices.Select(device => device.Name))}.");
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

    private static bool IsSame(OffloadPlan one, OffloadPlan other) =>
        one.Cells == other.Cells && one.DeviceLayers.SequenceEqual(other.DeviceLayers);

    private static bool IsBetter(OffloadPlan one, OffloadPlan other) =>
        (one.GpuLayers, one.Cells).CompareTo((other.GpuLayers, other.Cells)) > 0;
}
