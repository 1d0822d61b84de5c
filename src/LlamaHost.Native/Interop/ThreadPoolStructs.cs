using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LlamaHost.Native.Interop;

/// <summary><c>struct ggml_threadpool_params</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ggml_threadpool_params
{
    public ggml_cpumask cpumask;
    public int n_threads;
    public int prio;
    public uint poll;
    public bool strict_cpu;
    public bool paused;
}

/// <summary><c>bool [GGML_MAX_N_THREADS]</c>.</summary>
[InlineArray(512)]
internal struct ggml_cpumask
{
    private bool _core;
}
