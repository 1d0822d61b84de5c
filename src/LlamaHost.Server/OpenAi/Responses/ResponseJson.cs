using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using LlamaHost.Server.OpenAi.Responses.Events;
using LlamaHost.Server.OpenAi.Responses.Items;
using LlamaHost.Server.OpenAi.Responses.Storage;

namespace LlamaHost.Server.OpenAi.Responses;

/// <summary>Source-generated JSON of this API, which has nulls where there is nothing to say.</summary>
[JsonSerializable(typeof(ResponseObject))]
[JsonSerializable(typeof(ResponseEvent))]
[JsonSerializable(typeof(IReadOnlyList<ResponseItem>))]
[JsonSerializable(typeof(ItemList))]
[JsonSerializable(typeof(ResponseDeletion))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class ResponseJson : JsonSerializerContext
{
    /// <summary>Leaves text as it is instead of escaping all but ASCII: these answers are JSON by media type, never HTML.</summary>
    public static ResponseJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
