namespace LlamaHost.Engine.Execution.Offload;

/// <summary>How a model is laid out.</summary>
/// <param name="DeviceLayers">Layers on each GPU, in order of the devices; consecutive ones, the output being the last of the last.</param>
/// <param name="DeviceBytes">Bytes that each GPU would give, by the estimate; 0 for one without layers.</param>
/// <param name="Cells">Cells of the KV cache.</param>
/// <param name="Fits">Whether no device gives more than its budget.</param>
internal sealed record OffloadPlan(IReadOnlyList<int> DeviceLayers, IReadOnlyList<long> DeviceBytes, int Cells, bool Fits)
{
    /// <summary>Layers on GPUs.</summary>
    public int GpuLayers => DeviceLayers.Sum();
}
