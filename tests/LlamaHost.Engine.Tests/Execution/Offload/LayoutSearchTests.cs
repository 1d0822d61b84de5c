using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Execution.Offload;
using LlamaHost.Engine.Requests;
using LlamaHost.Native;
using LlamaHost.Tests;

namespace LlamaHost.Engine.Tests.Execution.Offload;

/// <summary>The plan and its correction, with devices and measurements made up.</summary>
public sealed class LayoutSearchTests
{
    private const long MiB = 1 << 20;

    [Fact]
    public void A_plan_that_fits_as_llama_cpp_measures_it_is_taken()
    {
        LoadLayout layout = Search(GpuLayers.Auto, freeMiB: [64], measuredMiBPerLayer: 1).Best();

        Assert.Equal((-1, null, null), (layout.GpuLayers, layout.Cells, layout.Note));
        Assert.Equal(["GPU0"], layout.Devices.Select(device => device.Name));
        Assert.Empty(layout.DeviceLayers);
    }

    [Fact]
    public void A_plan_that_takes_more_than_estimated_is_made_smaller_until_it_fits()
    {
        LoadLayout layout = Search(GpuLayers.Auto, freeMiB: [64], measuredMiBPerLayer: 30).Best();

        Assert.Equal(2, layout.GpuLayers);
        Assert.Contains("2 of 3 layers are on the GPU", layout.Note, StringComparison.Ordinal);
        Assert.Contains("GPU0 (64 of 64 MiB free may be used)", layout.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_asked_for_and_does_not_fit_is_refused_with_what_is_needed_and_free()
    {
        var error = Assert.Throws<ModelLoadException>(() => Search(GpuLayers.All, freeMiB: [64], measuredMiBPerLayer: 30).Best());

        Assert.Equal("out_of_memory", error.Code);
        Assert.Contains("GPU0 needs 90 MiB and has 64 MiB free", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_not_one_layer_fits_the_CPU_has_all_or_the_load_fails_as_the_settings_say()
    {
        LoadLayout layout = Search(GpuLayers.Auto, freeMiB: [20], measuredMiBPerLayer: 30).Best();
        var error = Assert.Throws<ModelLoadException>(
            () => Search(GpuLayers.Auto, freeMiB: [20], measuredMiBPerLayer: 30, allowCpuFallback: false).Best());

        Assert.Empty(layout.Devices);
        Assert.StartsWith("Not one layer fits on GPU0 (20 of 20 MiB free may be used)", layout.Note, StringComparison.Ordinal);
        Assert.Equal("out_of_memory", error.Code);
        Assert.StartsWith("Not one layer fits on GPU0 (20 of 20 MiB free may be used)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_margin_is_left_free()
    {
        LoadLayout layout = Search(GpuLayers.Auto, freeMiB: [95], measuredMiBPerLayer: 30, marginMiB: 10).Best();

        Assert.Equal(2, layout.GpuLayers);
        Assert.Equal(-1, Search(GpuLayers.Auto, freeMiB: [95], measuredMiBPerLayer: 30, marginMiB: 5).Best().GpuLayers);
    }

    [Fact]
    public void After_running_out_of_memory_less_is_planned_each_time()
    {
        LayoutSearch search = Search(GpuLayers.Auto, freeMiB: [100], measuredMiBPerLayer: 30);

        Assert.Equal(-1, search.Best().GpuLayers);
        Assert.Equal(2, search.Smaller().GpuLayers);
        Assert.Equal(1, search.Smaller().GpuLayers);
        Assert.Empty(search.Smaller().Devices);
    }

    [Fact]
    public void Several_devices_share_the_layers_and_one_without_is_not_used()
    {
        LoadLayout shared = Search(GpuLayers.All, freeMiB: [100, 100], measuredMiBPerLayer: 1).Best();
        LoadLayout second = Search(GpuLayers.All, freeMiB: [100, 100], measuredMiBPerLayer: 1, split: [0, 1]).Best();

        Assert.Equal([2, 1], shared.DeviceLayers);
        Assert.Equal(["GPU0", "GPU1"], shared.ToModelOptions(measureOnly: false).Devices);
        Assert.Equal([2f, 1f], shared.ToModelOptions(measureOnly: false).TensorSplit);
        Assert.Equal(["GPU1"], second.Devices.Select(device => device.Name));
    }

    [Fact]
    public void Proportions_for_another_number_of_devices_are_refused()
    {
        var error = Assert.Throws<ModelLoadException>(() => Search(GpuLayers.All, freeMiB: [100], measuredMiBPerLayer: 1, split: [1, 1]).Best());

        Assert.Equal("TensorSplit has 2 proportions, but the devices are GPU0.", error.Message);
    }

    [Fact]
    public void Where_nobody_can_measure_the_estimate_decides()
    {
        var search = new LayoutSearch(Settings(GpuLayers.Auto, null, 0, []), [Device(0, 64)], _ => null);

        Assert.Equal(-1, search.Best().GpuLayers);
    }

    private static LayoutSearch Search(
        GpuLayers layers, int[] freeMiB, int measuredMiBPerLayer, bool? allowCpuFallback = null, int marginMiB = 0, float[]? split = null)
    {
        BackendDevice[] devices = [.. freeMiB.Select((free, i) => Device(i, free))];
        return new LayoutSearch(
            Settings(layers, allowCpuFallback, marginMiB, split ?? []), devices,
            layout => [.. layout.Devices.Select((device, i) => new DeviceMemoryUse
            {
                Device = device.Name,
                WeightBytes = (layout.DeviceLayers.Count > 0 ? layout.DeviceLayers[i] : layout.GpuLayers < 0 ? 3 : layout.GpuLayers)
                    * measuredMiBPerLayer * MiB,
            })]);
    }

    private static BackendDevice Device(int index, int freeMiB) => new()
    {
        Name = $"GPU{index}",
        Description = "made up",
        Type = BackendDeviceType.Gpu,
        FreeBytes = freeMiB * MiB,
        TotalBytes = 1024 * MiB,
        Library = "libggml-made-up.so",
    };

    private static EngineSettings Settings(GpuLayers layers, bool? allowCpuFallback, int marginMiB, float[] split) => new()
    {
        ModelPath = RepositoryFiles.TinyModel("tiny-llama"),
        Offload = new OffloadSettings
        {
            GpuLayers = layers,
            AllowCpuFallback = allowCpuFallback,
            GpuMemoryMarginMiB = marginMiB,
            TensorSplit = split,
        },
    };
}
