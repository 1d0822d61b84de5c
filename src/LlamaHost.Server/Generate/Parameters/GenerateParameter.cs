using System.Text.Json.Nodes;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Binding;

namespace LlamaHost.Server.Generate.Parameters;

/// <summary>
/// One field of <c>POST /generate</c>: how it is sent, and what of it the rules and the answer need to know. A new processor is its file in the
/// engine and one such row.
/// </summary>
/// <param name="Field">Name, shape and documentation.</param>
internal sealed record GenerateParameter(Parameter<GenerateRequest> Field)
{
    /// <summary>With which strategy it has an effect.</summary>
    public ParameterEffect Effect { get; init; }

    /// <summary>Its value in effect, for the answer's settings; <see langword="null"/> if it has no effect.</summary>
    public Func<EffectiveRequest, JsonNode?>? Setting { get; init; }

    /// <summary>Whether it has a meaning with <c>choices</c>, whose texts are given.</summary>
    public bool WorksWithChoices { get; init; }

    /// <summary>Token ids that it holds, which must be the model's.</summary>
    public Func<GenerateRequest, IEnumerable<int>>? TokenIds { get; init; }
}

/// <summary>With which strategy a parameter has an effect.</summary>
internal enum ParameterEffect
{
    /// <summary>With every one.</summary>
    Always,

    /// <summary>When tokens are drawn. To give such a parameter means to draw them.</summary>
    Sampling,

    /// <summary>In beam search.</summary>
    BeamSearch,
}

/// <summary>What was asked for, and what it came to.</summary>
/// <param name="Sent">The request.</param>
/// <param name="Engine">What the engine is asked for, for the prompt that may get most new tokens.</param>
internal sealed record EffectiveRequest(GenerateRequest Sent, GenerationRequest Engine);
