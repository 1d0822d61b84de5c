using System.Text.Json.Serialization;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenAi.Responses.Items;

namespace LlamaHost.Server.OpenAi.Responses.Events;

/// <summary>An event of a streamed response.</summary>
/// <param name="EventName">What kind of event it is: its <c>type</c>.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(ResponseCreated), EventNames.Created)]
[JsonDerivedType(typeof(ResponseInProgress), EventNames.InProgress)]
[JsonDerivedType(typeof(OutputItemAdded), EventNames.OutputItemAdded)]
[JsonDerivedType(typeof(ContentPartAdded), EventNames.ContentPartAdded)]
[JsonDerivedType(typeof(ReasoningTextDelta), EventNames.ReasoningTextDelta)]
[JsonDerivedType(typeof(ReasoningTextDone), EventNames.ReasoningTextDone)]
[JsonDerivedType(typeof(OutputTextDelta), EventNames.OutputTextDelta)]
[JsonDerivedType(typeof(OutputTextDone), EventNames.OutputTextDone)]
[JsonDerivedType(typeof(FunctionCallArgumentsDelta), EventNames.FunctionCallArgumentsDelta)]
[JsonDerivedType(typeof(FunctionCallArgumentsDone), EventNames.FunctionCallArgumentsDone)]
[JsonDerivedType(typeof(ContentPartDone), EventNames.ContentPartDone)]
[JsonDerivedType(typeof(OutputItemDone), EventNames.OutputItemDone)]
[JsonDerivedType(typeof(ResponseCompleted), EventNames.Completed)]
[JsonDerivedType(typeof(ResponseIncomplete), EventNames.Incomplete)]
[JsonDerivedType(typeof(ResponseFailed), EventNames.Failed)]
public abstract record ResponseEvent([property: JsonIgnore] string EventName)
{
    /// <summary>Its number in the stream, from 0.</summary>
    [JsonPropertyOrder(-1)]
    public int SequenceNumber { get; init; }
}

/// <summary>The request was admitted.</summary>
/// <param name="Response">The response, empty.</param>
public sealed record ResponseCreated(ResponseObject Response) : ResponseEvent(EventNames.Created);

/// <summary>The model is at work.</summary>
/// <param name="Response">The response, empty.</param>
public sealed record ResponseInProgress(ResponseObject Response) : ResponseEvent(EventNames.InProgress);

/// <summary>An item begins.</summary>
/// <param name="OutputIndex">Its number in the output, from 0.</param>
/// <param name="Item">The item, empty.</param>
public sealed record OutputItemAdded(int OutputIndex, ResponseItem Item) : ResponseEvent(EventNames.OutputItemAdded);

/// <summary>A part of an item begins.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="OutputIndex">Its number in the output.</param>
/// <param name="ContentIndex">The part's number in the item, from 0.</param>
/// <param name="Part">The part, empty.</param>
public sealed record ContentPartAdded(string ItemId, int OutputIndex, int ContentIndex, ContentPart Part)
    : ResponseEvent(EventNames.ContentPartAdded);

/// <summary>More of the model's thoughts.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="OutputIndex">Its number in the output.</param>
/// <param name="ContentIndex">The part's number in the item.</param>
/// <param name="Delta">What comes next.</param>
public sealed record ReasoningTextDelta(string ItemId, int OutputIndex, int ContentIndex, string Delta)
    : ResponseEvent(EventNames.ReasoningTextDelta);

/// <summary>The model's thoughts have ended.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="OutputIndex">Its number in the output.</param>
/// <param name="ContentIndex">The part's number in the item.</param>
/// <param name="Text">All of them.</param>
public sealed record ReasoningTextDone(string ItemId, int OutputIndex, int ContentIndex, string Text) : ResponseEvent(EventNames.ReasoningTextDone);

/// <summary>More of the text.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="OutputIndex">Its number in the output.</param>
/// <param name="ContentIndex">The part's number in the item.</param>
/// <param name="Delta">What comes next.</param>
/// <param name="Logprobs">Log-probabilities of its tokens, if asked for.</param>
public sealed record OutputTextDelta(
    string ItemId, int OutputIndex, int ContentIndex, string Delta, IReadOnlyList<OpenAiTokenLogprob> Logprobs)
    : ResponseEvent(EventNames.OutputTextDelta);

/// <summary>The text has ended.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="OutputIndex">Its number in the output.</param>
/// <param name="ContentIndex">The part's number in the item.</param>
/// <param name="Text">All of it.</param>
/// <param name="Logprobs">Log-probabilities of its tokens, if asked for.</param>
public sealed record OutputTextDone(
    string ItemId, int OutputIndex, int ContentIndex, string Text, IReadOnlyList<OpenAiTokenLogprob> Logprobs)
    : ResponseEvent(EventNames.OutputTextDone);

/// <summary>More of a call's arguments.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="OutputIndex">Its number in the output.</param>
/// <param name="Delta">What comes next of their JSON text.</param>
public sealed record FunctionCallArgumentsDelta(string ItemId, int OutputIndex, string Delta)
    : ResponseEvent(EventNames.FunctionCallArgumentsDelta);

/// <summary>A call's arguments have ended.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="OutputIndex">Its number in the output.</param>
/// <param name="Name">The function.</param>
/// <param name="Arguments">All of their JSON text.</param>
public sealed record FunctionCallArgumentsDone(string ItemId, int OutputIndex, string Name, string Arguments)
    : ResponseEvent(EventNames.FunctionCallArgumentsDone);

/// <summary>A part of an item has ended.</summary>
/// <param name="ItemId">The item.</param>
/// <param name="OutputIndex">Its number in the output.</param>
/// <param name="ContentIndex">The part's number in the item.</param>
/// <param name="Part">The whole part.</param>
public sealed record ContentPartDone(string ItemId, int OutputIndex, int ContentIndex, ContentPart Part) : ResponseEvent(EventNames.ContentPartDone);

/// <summary>An item has ended.</summary>
/// <param name="OutputIndex">Its number in the output.</param>
/// <param name="Item">The whole item.</param>
public sealed record OutputItemDone(int OutputIndex, ResponseItem Item) : ResponseEvent(EventNames.OutputItemDone);

/// <summary>The model ended the response.</summary>
/// <param name="Response">The whole response.</param>
public sealed record ResponseCompleted(ResponseObject Response) : ResponseEvent(EventNames.Completed);

/// <summary>The response was cut by its length, or cancelled.</summary>
/// <param name="Response">What there is of it.</param>
public sealed record ResponseIncomplete(ResponseObject Response) : ResponseEvent(EventNames.Incomplete);

/// <summary>The server could not complete the response.</summary>
/// <param name="Response">What there is of it, and why.</param>
public sealed record ResponseFailed(ResponseObject Response) : ResponseEvent(EventNames.Failed);
