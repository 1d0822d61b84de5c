using LlamaHost.Engine.Requests;
using LlamaHost.Native;

namespace LlamaHost.Engine.Execution.Offload;

/// <summary>The memory of each GPU that a model may take.</summary>
internal sealed class DeviceRoom
{
    // Of a device that does not tell its memory, for those who ask for a number of layers.
    private const long Unlimited = long.MaxValue / 4;

    private readonly IReadOnlyList<BackendDevice> _devices;
    private readonly long[] _bytes;

    /// <param name="devices">The GPUs, with the memory that is free.</param>
    /// <param name="offload">What is asked for.</param>
    public DeviceRoom(IReadOnlyList<BackendDevice> devices, OffloadSettings offload)
    {
        _devices = devices;
        _bytes = [.. devices.Select(device => BytesOf(device, offload))];
    }

    /// <summary>Bytes of each.</summary>
    public IReadOnlyList<long> Bytes => _bytes;

    /// <summary>Whether there is room for so many bytes on each.</summary>
    public bool Holds(IReadOnlyList<long> bytes) => bytes.Zip(_bytes).All(pair => pair.First <= pair.Second);

    /// <summary>Lets no device give more than a part of that.</summary>
    public void ShrinkTo(IReadOnlyList<long> bytes, double part)
    {
        for (int device = 0; device < _bytes.Length; device++)
            _bytes[device] = Math.Min(_bytes[device], (long)(bytes[device] * part));
    }

    /// <summary>The devices with their room, for messages.</summary>
    public override string ToString() => string.Join(
        " and ", _devices.Select((device, i) => $"{device.Name} ({MiB(_bytes[i])} of {MiB(device.FreeBytes)} MiB free may be used)"));

    /// <summary>What is needed of each, and free, for messages.</summary>
    public string Compare(IReadOnlyList<long> bytes) => string.Join(
        "; ", _devices.Select((device, i) => $"{device.Name} needs {MiB(bytes[i])} MiB and has {MiB(device.FreeBytes)} MiB free"));

    // The margin is for what else uses the device; who asks for a number of layers has seen to that.
    private static long BytesOf(BackendDevice device, OffloadSettings offload)
    {
        if (offload.GpuLayers.IsAuto)
            return Math.Max(0, device.FreeBytes - (offload.GpuMemoryMarginMiB * (1L << 20)));
        return device.TotalBytes > 0 ? device.FreeBytes : Unlimited;
    }

    private static string MiB(long bytes) => FormattableString.Invariant($"{(bytes + (1L << 20) - 1) >> 20}");
}
