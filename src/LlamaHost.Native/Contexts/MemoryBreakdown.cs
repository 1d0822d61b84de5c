using System.Runtime.InteropServices;
using LlamaHost.Native.Interop;

namespace LlamaHost.Native.Contexts;

/// <summary>
/// Reads what <c>llama_get_memory_breakdown</c> (llama-ext.h) returns: a <c>std::map</c> from buffer types to bytes, by value. llama.cpp offers these
/// figures nowhere else, and its log only in the case of a real allocation. The layout is that of GNU's C++ library, whose ABI has been fixed since
/// 2003; a tree that does not add up is not believed.
/// </summary>
internal static unsafe class MemoryBreakdown
{
    // Buffer types in use are a handful; a red-black tree of so many is no deeper than twice its logarithm.
    private const int MostEntries = 256;

    public static IReadOnlyList<DeviceMemoryUse>? Of(LlamaContextHandle context)
    {
        // Another C++ library, another layout.
        if (!OperatingSystem.IsLinux())
            return null;
        StdMap map;
        try
        {
            map = LibLlama.llama_get_memory_breakdown(context);
        }
        catch (EntryPointNotFoundException)
        {
            return null;
        }
        if (map.Count > MostEntries)
            return null;
        Dictionary<string, DeviceMemoryUse> devices = new(StringComparer.Ordinal);
        int entries = Take(map.Root, devices);
        return entries == (int)map.Count ? [.. devices.Values.OrderBy(use => use.Device, StringComparer.Ordinal)] : null;
    }

    /// <summary>Adds a subtree's entries, frees its nodes, and returns how many there were.</summary>
    private static int Take(StdMapNode* node, Dictionary<string, DeviceMemoryUse> devices)
    {
        if (node is null)
            return 0;
        int entries = Take(node->Left, devices) + 1 + Take(node->Right, devices);
        string name = NameOf(node->BufferType);
        DeviceMemoryUse use = devices.GetValueOrDefault(name) ?? new DeviceMemoryUse { Device = name };
        devices[name] = use with
        {
            WeightBytes = use.WeightBytes + (long)node->ModelBytes,
            KvBytes = use.KvBytes + (long)node->ContextBytes,
            ComputeBytes = use.ComputeBytes + (long)node->ComputeBytes,
        };
        // The C++ library's allocator is malloc.
        NativeMemory.Free(node);
        return entries;
    }

    // Memory of the host that a GPU can read directly is the host's.
    private static string NameOf(nint bufferType)
    {
        nint device = LibGgml.ggml_backend_buft_is_host(bufferType) ? 0 : LibGgml.ggml_backend_buft_get_device(bufferType);
        return device == 0 ? DeviceMemoryUse.Host : Utf8.String(LibGgml.ggml_backend_dev_name(device));
    }
}
