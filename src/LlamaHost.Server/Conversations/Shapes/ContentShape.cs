using System.Text.Json;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.Conversations.Shapes;

/// <summary>What a message says: a text, or several as parts.</summary>
internal static class ContentShape
{
    private static readonly Dictionary<string, string> NoTexts = new(StringComparer.Ordinal)
    {
        ["image_url"] = "images", ["image"] = "images", ["input_image"] = "images", ["input_audio"] = "audio", ["audio"] = "audio",
        ["file"] = "files", ["input_file"] = "files", ["video_url"] = "videos", ["video"] = "videos",
    };

    /// <summary>The content; a text, or parts, or neither.</summary>
    /// <param name="message">What it is in.</param>
    /// <param name="name">Name of its field.</param>
    /// <exception cref="ApiException">It is something else, or a part is no text.</exception>
    public static (string? Text, IReadOnlyList<string>? Parts) Read(JsonFields message, string name = "content") => message.Any(name) switch
    {
        null => (null, null),
        { ValueKind: JsonValueKind.String } => (message.Text(name), null),
        { ValueKind: JsonValueKind.Array } => (null, [.. message.Items(name)!.Select(part => Part(JsonFields.Of(part.Value, part.Place)))]),
        { } other => throw JsonFields.WrongType(other, message.PlaceOf(name), "a string, or an array of text parts"),
    };

    private static string Part(JsonFields part)
    {
        string type = part.RequiredText("type");
        if (NoTexts.TryGetValue(type, out string? kind))
        {
            throw ApiException.BadRequest(
                ErrorCodes.UnsupportedParameter, part.Place, $"{part.Place} is of type {type}: this server's models read texts alone, no {kind}.");
        }
        // "refusal" is how an assistant's message comes back that declined to answer.
        return type switch
        {
            "text" or "input_text" or "output_text" => part.Text("text") ?? throw part.Missing("text", "a string"),
            "refusal" => part.Text("refusal") ?? throw part.Missing("refusal", "a string"),
            _ => throw ApiException.BadRequest(
                ErrorCodes.OutOfRange, part.PlaceOf("type"), $"{part.PlaceOf("type")} must be \"text\"; it is {Spelling.Quote(type)}."),
        };
    }
}
