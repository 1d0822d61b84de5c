using System.Runtime.InteropServices;

namespace LlamaHost.Native.Interop;

/// <summary>Imports of <c>ggml.h</c> and <c>ggml-backend.h</c>. Registries and devices live as long as the process.</summary>
internal static unsafe partial class LibGgml
{
    public const string Name = "ggml";
    public const string BaseName = "ggml-base";

    [LibraryImport(BaseName)]
    public static partial byte* ggml_version();

    [LibraryImport(BaseName)]
    public static partial byte* ggml_commit();

    [LibraryImport(BaseName)]
    public static partial ggml_threadpool_params ggml_threadpool_params_default(int threads);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void ggml_backend_load_all_from_path(string folder);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ggml_backend_load(string file);

    [LibraryImport(Name)]
    public static partial nuint ggml_backend_reg_count();

    [LibraryImport(BaseName)]
    public static partial nuint ggml_backend_reg_dev_count(nint registration);

    [LibraryImport(Name)]
    public static partial nuint ggml_backend_dev_count();

    [LibraryImport(Name)]
    public static partial nint ggml_backend_dev_get(nuint index);

    [LibraryImport(BaseName)]
    public static partial byte* ggml_backend_dev_name(nint device);

    [LibraryImport(BaseName)]
    public static partial byte* ggml_backend_dev_description(nint device);

    [LibraryImport(BaseName)]
    public static partial int ggml_backend_dev_type(nint device);

    [LibraryImport(BaseName)]
    public static partial void ggml_backend_dev_memory(nint device, nuint* free, nuint* total);

    [LibraryImport(BaseName)]
    public static partial nint ggml_backend_dev_backend_reg(nint device);

    [LibraryImport(Name)]
    public static partial nint ggml_backend_dev_by_type(int type);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ggml_backend_dev_by_name(string name);

    // 0 for buffer types of the CPU.
    [LibraryImport(BaseName)]
    public static partial nint ggml_backend_buft_get_device(nint bufferType);

    [LibraryImport(BaseName)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool ggml_backend_buft_is_host(nint bufferType);

    [LibraryImport(BaseName, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ggml_backend_reg_get_proc_address(nint registration, string name);
}
