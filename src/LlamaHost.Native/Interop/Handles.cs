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

/// <summary>
/// A handle to something that points into a model: the model is not freed before it, in whatever order the two are disposed or finalised.
/// </summary>
internal abstract class ModelDependentHandle() : SafeHandle(0, ownsHandle: true)
{
    private LlamaModelHandle? _model;

    public override bool IsInvalid => handle == 0;

    public void DependOn(LlamaModelHandle model)
    {
        bool added = false;
        model.DangerousAddRef(ref added);
        _model = model;
    }

    protected override bool ReleaseHandle()
    {
        Free(handle);
        _model?.DangerousRelease();
        return true;
    }

    protected abstract void Free(nint pointer);
}

/// <summary>A <c>llama_context *</c>.</summary>
internal sealed class LlamaContextHandle : ModelDependentHandle
{
    protected override void Free(nint pointer) => LibLlama.llama_free(pointer);
}

/// <summary>A <c>llama_sampler *</c>.</summary>
internal sealed class LlamaSamplerHandle : ModelDependentHandle
{
    protected override void Free(nint pointer) => LibLlama.llama_sampler_free(pointer);
}
