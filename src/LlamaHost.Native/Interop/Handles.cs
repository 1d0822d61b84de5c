using System.Runtime.InteropServices;

namespace LlamaHost.Native.Interop;

/// <summary>A <c>llama_model *</c>.</summary>
internal sealed class LlamaModelHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        LibLlama.llama_model_free(handle);
        return true;
    }
}

/// <summary>A <c>ggml_threadpool *</c>. Its functions belong to the CPU backend, which is chosen when the program runs.</summary>
internal sealed unsafe class ThreadPoolHandle() : SafeHandle(0, ownsHandle: true)
{
    private readonly delegate* unmanaged[Cdecl]<nint, void> _free;

    public ThreadPoolHandle(nint pool, nint free)
        : this()
    {
        _free = (delegate* unmanaged[Cdecl]<nint, void>)free;
        SetHandle(pool);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        _free(handle);
        return true;
    }
}

/// <summary>Memory outside the garbage collector's heap.</summary>
internal sealed unsafe class MemoryHandle : SafeHandle
{
    public MemoryHandle(nuint length) : base(0, ownsHandle: true)
    {
        SetHandle((nint)NativeMemory.Alloc(length));
        Length = (long)length;
    }

    public long Length { get; }

    public byte* Start => (byte*)handle;

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}

/// <summary>A handle to something that uses others: they are not freed before it, in whatever order all are disposed or finalised.</summary>
internal abstract class DependentHandle() : SafeHandle(0, ownsHandle: true)
{
    private readonly List<SafeHandle> _dependencies = [];

    public override bool IsInvalid => handle == 0;

    public void DependOn(SafeHandle dependency)
    {
        bool added = false;
        dependency.DangerousAddRef(ref added);
        _dependencies.Add(dependency);
    }

    protected override bool ReleaseHandle()
    {
        Free(handle);
        foreach (SafeHandle dependency in _dependencies)
            dependency.DangerousRelease();
        return true;
    }

    protected abstract void Free(nint pointer);
}

/// <summary>
/// A <c>llama_vocab *</c>. It lies in the model; the handle keeps the model from being freed while a call on another thread uses it.
/// </summary>
internal sealed class LlamaVocabularyHandle : DependentHandle
{
    public LlamaVocabularyHandle(LlamaModelHandle model)
    {
        DependOn(model);
        SetHandle(LibLlama.llama_model_get_vocab(model));
    }

    protected override void Free(nint pointer)
    {
    }
}

/// <summary>A <c>llama_context *</c>.</summary>
internal sealed class LlamaContextHandle : DependentHandle
{
    protected override void Free(nint pointer) => LibLlama.llama_free(pointer);
}
