using LlamaHost.Native.Interop;

namespace LlamaHost.Native.Contexts;

/// <summary>Makes the threads of a context's CPU work.</summary>
internal static unsafe class ComputeThreads
{
    /// <summary>
    /// A pool that lives as long as the context. Without one, ggml starts and ends its threads with every decode. <see langword="null"/> where the
    /// backend has none, or one thread needs none.
    /// </summary>
    public static ThreadPoolHandle? Create(int count)
    {
        nint device = LibGgml.ggml_backend_dev_by_type((int)BackendDeviceType.Cpu);
        if (count < 2 || device == 0)
            return null;
        nint registration = LibGgml.ggml_backend_dev_backend_reg(device);
        nint create = LibGgml.ggml_backend_reg_get_proc_address(registration, "ggml_threadpool_new");
        nint free = LibGgml.ggml_backend_reg_get_proc_address(registration, "ggml_threadpool_free");
        if (create == 0 || free == 0)
            return null;
        ggml_threadpool_params parameters = LibGgml.ggml_threadpool_params_default(count);
        nint pool = ((delegate* unmanaged[Cdecl]<ggml_threadpool_params*, nint>)create)(&parameters);
        return pool == 0 ? null : new ThreadPoolHandle(pool, free);
    }
}
