namespace LlamaHost.Server.OpenAi.Responses.Events;

/// <summary>The kinds of events, as OpenAI names them.</summary>
internal static class EventNames
{
    public const string Created = "response.created";
    public const string InProgress = "response.in_progress";
    public const string OutputItemAdded = "response.output_item.added";
    public const string ContentPartAdded = "response.content_part.added";
    public const string ReasoningTextDelta = "response.reasoning_text.delta";
    public const string ReasoningTextDone = "response.reasoning_text.done";
    public const string OutputTextDelta = "response.output_text.delta";
    public const string OutputTextDone = "response.output_text.done";
    public const string FunctionCallArgumentsDelta = "response.function_call_arguments.delta";
    public const string FunctionCallArgumentsDone = "response.function_call_arguments.done";
    public const string ContentPartDone = "response.content_part.done";
    public const string OutputItemDone = "response.output_item.done";
    public const string Completed = "response.completed";
    public const string Incomplete = "response.incomplete";
    public const string Failed = "response.failed";
}
