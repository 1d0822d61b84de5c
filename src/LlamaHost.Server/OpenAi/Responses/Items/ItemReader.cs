using LlamaHost.Server.Binding;
using LlamaHost.Server.Conversations.Shapes;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.OpenAi.Responses.Items;

/// <summary>Reads items of a request. Those that come without an id have an empty one.</summary>
internal static class ItemReader
{
    /// <summary>Roles of messages.</summary>
    public static IReadOnlyList<string> Roles { get; } = ["user", "assistant", "system", "developer"];

    private static readonly string[] Statuses = [ItemStatus.InProgress, ItemStatus.Completed, ItemStatus.Incomplete];

    /// <summary>One item.</summary>
    /// <exception cref="ApiException">It is none, or of a kind that this server has no use for.</exception>
    public static ResponseItem Read(JsonFields item) => item.Text("type") switch
    {
        "message" => Message(item),
        null when item.Any("role") is not null => Message(item),
        "function_call" => new FunctionCallItem
        {
            Id = item.Text("id") ?? "",
            Status = Status(item),
            CallId = item.RequiredText("call_id"),
            Name = item.RequiredText("name"),
            Arguments = item.Text("arguments") ?? throw item.Missing("arguments", "a string"),
        },
        "function_call_output" => new FunctionCallOutputItem
        {
            Id = item.Text("id") ?? "", Status = Status(item), CallId = item.RequiredText("call_id"), Output = Output(item),
        },
        "reasoning" => Reasoning(item),
        "item_reference" => Reference(item),
        null when item.Any("id") is not null => Reference(item),
        null => throw item.Missing("type", "a string"),
        { } other => throw ApiException.BadRequest(
            ErrorCodes.UnsupportedParameter, item.PlaceOf("type"),
            $"{item.PlaceOf("type")} is {Spelling.Quote(other)}; this server knows message, function_call, function_call_output, reasoning and "
            + "item_reference."),
    };

    private static MessageItem Message(JsonFields item)
    {
        string role = item.RequiredText("role");
        if (!Roles.Contains(role))
            throw OneOf(item, "role", Roles, role);
        (string? text, IReadOnlyList<string>? parts) = ContentShape.Read(item);
        if (text is null && parts is null)
            throw item.Missing("content", "a string, or an array of text parts");
        return new MessageItem
        {
            Id = item.Text("id") ?? "",
            Status = Status(item),
            Role = role,
            Content = [.. (parts ?? [text!]).Select(ContentPart (one) =>
                role == "assistant" ? new OutputTextPart { Text = one } : new InputTextPart { Text = one })],
        };
    }

    private static string Output(JsonFields item)
    {
        (string? text, IReadOnlyList<string>? parts) = ContentShape.Read(item, "output");
        return parts is not null ? string.Join('\n', parts) : text ?? throw item.Missing("output", "a string, or an array of text parts");
    }

    private static ReasoningItem Reasoning(JsonFields item) => new()
    {
        Id = item.Text("id") ?? "",
        Status = Status(item),
        // A summary is another model's, and what is encrypted can be read only by who encrypted it: neither says anything to this one.
        Content =
        [
            .. (item.Items("content") ?? []).Select(part => JsonFields.Of(part.Value, part.Place))
                .Select(part => new ReasoningTextPart { Text = part.Text("text") ?? throw part.Missing("text", "a string") }),
        ],
    };

    private static ItemReference Reference(JsonFields item) => new() { Id = item.RequiredText("id"), Place = item.Place };

    private static string Status(JsonFields item) => item.Text("status") switch
    {
        null => ItemStatus.Completed,
        { } status when Statuses.Contains(status) => status,
        { } other => throw OneOf(item, "status", Statuses, other),
    };

    private static ApiException OneOf(JsonFields item, string name, IReadOnlyList<string> values, string value) => ApiException.BadRequest(
        ErrorCodes.OutOfRange, item.PlaceOf(name),
        $"{item.PlaceOf(name)} must be {string.Join(", ", values.SkipLast(1))} or {values[^1]}; it is {Spelling.Quote(value)}.");
}
