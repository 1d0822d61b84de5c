using System.Runtime.InteropServices;

namespace LlamaHost.Native.Contexts;

/// <summary><c>std::map&lt;ggml_backend_buffer_type_t, llama_memory_breakdown_data&gt;</c> as GNU's C++ library lays it out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct StdMap
{
    /// <summary>The comparer, which has no content.</summary>
    public nint Comparer;

    /// <summary>The tree's header, itself a node without a value: a colour and three links.</summary>
    public nint Color;

    /// <summary>The root, or null.</summary>
    public StdMapNode* Root;

    /// <summary>The least entry.</summary>
    public StdMapNode* First;

    /// <summary>The greatest.</summary>
    public StdMapNode* Last;

    /// <summary>Number of entries.</summary>
    public nuint Count;
}

/// <summary>An entry (<c>std::_Rb_tree_node</c>): a colour, three links, the key, and the value's three numbers of bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct StdMapNode
{
    public nint Color;
    public StdMapNode* Parent;
    public StdMapNode* Left;
    public StdMapNode* Right;
    public nint BufferType;
    public nuint ModelBytes;
    public nuint ContextBytes;
    public nuint ComputeBytes;
}
