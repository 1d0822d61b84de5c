using System.Reflection;
using System.Runtime.InteropServices;

namespace LlamaHost.Server.Tests.Gpu;

/// <summary>
/// Mesa's Vulkan driver that computes on the CPU: to llama.cpp a GPU like any other, so that the way of layers to a GPU is really gone where there is
/// none.
/// </summary>
internal static class Lavapipe
{
    private static readonly string[] DriverFolders = ["/usr/share/vulkan/icd.d", "/etc/vulkan/icd.d", "/usr/local/share/vulkan/icd.d"];

    /// <summary>Settings of a server whose workers see so many of it and no other GPU.</summary>
    public static string[] Settings(int devices = 1)
    {
        string? libraries = Libraries();
        Assert.SkipWhen(libraries is null, "There are no prebuilt llama.cpp libraries with Vulkan for this platform, only for linux-x64.");
        Assert.SkipUnless(HasLoader(), "The Vulkan loader libvulkan.so.1 is missing: apt-get install libvulkan1 mesa-vulkan-drivers.");
        string? driver = Driver();
        Assert.SkipWhen(driver is null, "Mesa's driver lavapipe is missing: apt-get install mesa-vulkan-drivers.");
        return
        [
            $"--LlamaHost:NativeFolder={libraries}",
            $"--LlamaHost:WorkerEnvironment:VK_ICD_FILENAMES={driver}",
            // A device on the CPU counts only where it is named; one that is named twice is two.
            $"--LlamaHost:WorkerEnvironment:GGML_VK_VISIBLE_DEVICES={string.Join(',', Enumerable.Repeat("0", devices))}",
        ];
    }

    /// <summary>Settings of a server with the same libraries on a machine without any Vulkan driver.</summary>
    public static string[] WithoutDriver() =>
    [
        .. Settings(),
        "--LlamaHost:WorkerEnvironment:VK_ICD_FILENAMES=/nowhere.json",
    ];

    private static string? Libraries() => typeof(Lavapipe).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(metadata => metadata.Key == "VulkanLibraries")?.Value;

    private static bool HasLoader()
    {
        if (!NativeLibrary.TryLoad("libvulkan.so.1", out nint loader))
            return false;
        NativeLibrary.Free(loader);
        return true;
    }

    private static string? Driver() => DriverFolders.Where(Directory.Exists)
        .SelectMany(folder => Directory.GetFiles(folder, "lvp_icd*.json")).FirstOrDefault();
}
