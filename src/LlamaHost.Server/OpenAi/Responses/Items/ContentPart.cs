using System.Text.Json;
using System.Text.Json.Serialization;
using LlamaHost.Server.OpenAi.Common;

namespace LlamaHost.Server.OpenAi.Responses.Items;

/// <summary>A text of an item.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(InputTextPart), "input_text")]
[JsonDerivedType(typeof(OutputTextPart), "output_text")]
[JsonDerivedType(typeof(ReasoningTextPart), "reasoning_text")]
public abstract record ContentPart
{
    /// <summary>The text.</summary>
    public required string Text { get; init; }
}

/// <summary>What the user, the system or the developer says.</summary>
public sealed record InputTextPart : ContentPart;

/// <summary>What the model says.</summary>
public sealed record OutputTextPart : ContentPart
{
    /// <summary>Always empty: nothing is searched.</summary>
    public IReadOnlyList<JsonElement> Annotations { get; init; } = [];

    /// <summary>Log-probabilities of the text's tokens, if asked for.</summary>
    public IReadOnlyList<OpenAiTokenLogprob> Logprobs { get; init; } = [];
}

/// <summary>What the model thinks before it answers.</summary>
public sealed record ReasoningTextPart : ContentPart;
