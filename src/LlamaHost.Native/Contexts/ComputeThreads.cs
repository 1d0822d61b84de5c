using LlamaHost.Native.Interop;

namespace LlamaHost.Native.Contexts;

/// <summary>
/// The threads of a context's CPU work: a pool for each number of them that is in use. In a larger pool the threads that have no part in a step
/// would poll for the next one, on cores that somebody else may want; those of a pool that is not attached sleep.
/// </summary>
internal sealed unsafe class ComputeThreads : IDisposable
{
    // Those attached, for single tokens and for batches, and those from before, which are likely to come back.
    private const int MostPools = 4;

    // Of 100. Threads of ggml's own 50 poll for a tenth of a second after a step, on cores that the last token's way to its client needs; a tenth of
    // that still covers the choice of a batch's tokens.
    private const uint PollLevel = 5;

    private readonly LlamaContextHandle _context;
    private readonly nint _create;
    private readonly nint _free;

    // The latest attached first.
    private readonly List<(int Count, ThreadPoolHandle Handle)> _pools = [];
    private (int Decode, int Batch) _attached;

    public ComputeThreads(LlamaContextHandle context)
    {
        _context = context;
        nint device = LibGgml.ggml_backend_dev_by_type((int)BackendDeviceType.Cpu);
        if (device == 0)
            return;
        nint registration = LibGgml.ggml_backend_dev_backend_reg(device);
        _create = LibGgml.ggml_backend_reg_get_proc_address(registration, "ggml_threadpool_new");
        _free = LibGgml.ggml_backend_reg_get_proc_address(registration, "ggml_threadpool_free");
    }

    /// <summary>
    /// Has the context use pools of as many threads as it computes with. Without one, ggml starts and ends its threads with every decode, as it
    /// does where the backend has none.
    /// </summary>
    public void Attach(int decode, int batch)
    {
        if (_create == 0 || _free == 0 || _attached == (decode, batch))
            return;
        if (Pool(decode) is { } pool && Pool(batch) is { } batchPool)
        {
            LibLlama.llama_attach_threadpool(_context, pool, batchPool);
            _attached = (decode, batch);
        }
    }

    /// <summary>
    /// Frees pools that were not attached for long. To be called after a computation: before it, the backend still holds the pool of the one
    /// before, and would put it to sleep.
    /// </summary>
    public void Trim()
    {
        while (_pools.Count > MostPools)
        {
            _pools[^1].Handle.Dispose();
            _pools.RemoveAt(_pools.Count - 1);
        }
    }

    /// <summary>Ends the threads. The context must not compute again.</summary>
    public void Dispose()
    {
        foreach ((_, ThreadPoolHandle handle) in _pools)
            handle.Dispose();
        _pools.Clear();
    }

    private ThreadPoolHandle? Pool(int count)
    {
        int index = _pools.FindIndex(pool => pool.Count == count);
        (int Count, ThreadPoolHandle Handle) found;
        if (index >= 0)
        {
            found = _pools[index];
            _pools.RemoveAt(index);
        }
        else
        {
            ggml_threadpool_params parameters = LibGgml.ggml_threadpool_params_default(count);
            // Or its threads would poll until their first step.
            parameters.paused = true;
            parameters.poll = PollLevel;
            nint pool = ((delegate* unmanaged[Cdecl]<ggml_threadpool_params*, nint>)_create)(&parameters);
            if (pool == 0)
                return null;
            found = (count, new ThreadPoolHandle(pool, _free));
        }
        _pools.Insert(0, found);
        return found.Handle;
    }
}
