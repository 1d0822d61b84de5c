using LlamaHost.Runtime;

namespace LlamaHost.Server.Models;

/// <summary>Names of the states in answers.</summary>
internal static class ModelStates
{
    /// <summary>The name of a state.</summary>
    public static string Name(ModelState state) => state switch
    {
        ModelState.NotLoaded => "not_loaded",
        ModelState.Loading => "loading",
        ModelState.Ready => "ready",
        ModelState.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Unknown state."),
    };
}
