using LlamaHost.Engine.Requests;

namespace LlamaHost.Protocol;

/// <summary>Where a model is, to and from its wire form. Nothing is lost either way.</summary>
internal static class PlacementMapping
{
    public static Placement ToMessage(this ModelPlacement placement)
    {
        var message = new Placement
        {
            RequestedGpuLayers = placement.RequestedGpuLayers.ToString(),
            Layers = placement.Layers,
            GpuLayers = placement.GpuLayers,
        };
        if (placement.Note is { } note)
            message.Note = note;
        message.Devices.AddRange(placement.Devices.Select(ToMessage));
        message.UnusableBackends.AddRange(
            placement.UnusableBackends.Select(backend => new UnusableBackend { Library = backend.Library, Reason = backend.Reason }));
        return message;
    }

    public static ModelPlacement ToPlacement(this Placement message) => new()
    {
        RequestedGpuLayers = GpuLayers.TryParse(message.RequestedGpuLayers, out GpuLayers requested)
            ? requested
            : throw new FormatException($"The worker says {message.RequestedGpuLayers} of layers; host and worker are of different versions."),
        Layers = message.Layers,
        GpuLayers = message.GpuLayers,
        Devices = [.. message.Devices.Select(ToDevice)],
        Note = message.HasNote ? message.Note : null,
        UnusableBackends = [.. message.UnusableBackends.Select(backend => new UnusableGpuBackend(backend.Library, backend.Reason))],
    };

    private static PlacedDevice ToMessage(DevicePlacement device)
    {
        var message = new PlacedDevice
        {
            Name = device.Name,
            Description = device.Description,
            IsGpu = device.IsGpu,
            TotalBytes = device.TotalBytes,
            FreeBytes = device.FreeBytes,
            Layers = device.Layers,
            WeightBytes = device.WeightBytes,
            KvBytes = device.KvBytes,
            ComputeBytes = device.ComputeBytes,
        };
        if (device.Library is { } library)
            message.Library = library;
        return message;
    }

    private static DevicePlacement ToDevice(PlacedDevice message) => new()
    {
        Name = message.Name,
        Description = message.Description,
        IsGpu = message.IsGpu,
        Library = message.HasLibrary ? message.Library : null,
        TotalBytes = message.TotalBytes,
        FreeBytes = message.FreeBytes,
        Layers = message.Layers,
        WeightBytes = message.WeightBytes,
        KvBytes = message.KvBytes,
        ComputeBytes = message.ComputeBytes,
    };
}
