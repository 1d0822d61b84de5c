using LlamaHost.Native.Loading;

namespace LlamaHost.Native.Tests;

public sealed class GpuBackendReasonTests
{
    public static TheoryData<string, string, string> Lines => new()
    {
        {
            "load_backend: failed to load /a/libggml-cuda.so: libcudart.so.13: cannot open shared object file: No such file or directory",
            "libggml-cuda.so",
            "libcudart.so.13: cannot open shared object file: No such file or directory (it comes with the CUDA 13 runtime)"
        },
        {
            "load_backend: failed to load /a/fallback/libggml-cuda.so: libcublas.so.12: cannot open shared object file: No such file or directory",
            "libggml-cuda.so",
            "libcublas.so.12: cannot open shared object file: No such file or directory (it comes with the CUDA 12 runtime)"
        },
        {
            "load_backend: failed to load /a/libggml-cuda.so: libcuda.so.1: cannot open shared object file: No such file or directory",
            "libggml-cuda.so",
            "libcuda.so.1: cannot open shared object file: No such file or directory "
                + "(NVIDIA's driver is not installed, or not passed into this container)"
        },
        {
            "ggml_cuda_init: failed to initialize CUDA: CUDA driver version is insufficient for CUDA runtime version",
            "libggml-cuda.so",
            "failed to initialize CUDA: CUDA driver version is insufficient for CUDA runtime version "
                + "(NVIDIA's driver is too old for this CUDA runtime; CUDA 13 needs 580 or newer, CUDA 12 needs 525)"
        },
        {
            "ggml_vulkan: No devices found.",
            "libggml-vulkan.so",
            "No devices found (no driver has a GPU; one that computes on the CPU only counts if GGML_VK_VISIBLE_DEVICES names it)"
        },
        {
            "load_backend: failed to initialize backend from /a/libggml-vulkan.so: ggml_backend_init returned NULL",
            "libggml-vulkan.so",
            "ggml_backend_init returned NULL (there is no Vulkan driver, such as those of the package mesa-vulkan-drivers, "
                + "or GGML_VK_VISIBLE_DEVICES names a device that is not there)"
        },
        { "load_backend: loaded SYCL backend from /a/libggml-sycl.so", "libggml-sycl.so", "it found no device" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void What_the_log_says_becomes_a_reason_that_names_what_is_missing(string line, string library, string reason) =>
        Assert.Equal(reason, GpuBackendLoader.Reason([line], library));
}
