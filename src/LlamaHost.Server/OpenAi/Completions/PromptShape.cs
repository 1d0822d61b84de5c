using System.Text.Json;
using LlamaHost.Server.Binding;
using Microsoft.OpenApi;

namespace LlamaHost.Server.OpenAi.Completions;

/// <summary>One prompt or several, all as text or all as token ids.</summary>
/// <param name="most">Most prompts.</param>
internal sealed class PromptShape(int most) : Shape<IReadOnlyList<PromptSource>>
{
    private const int MostTokens = 1 << 20;

    private static readonly ListShape<int> _ids = new(new IntegerShape(0), 1, MostTokens);

    private readonly OneOrListShape<string> _texts = new(new TextShape(), 1, most);
    private readonly OneOrSeveralIdsShape _several = new(_ids, most);

    /// <inheritdoc/>
    public override string Description => $"a string, an array of token ids, or an array of 1 to {most} of either";

    /// <inheritdoc/>
    public override IReadOnlyList<PromptSource> Read(JsonElement value, string field, string place)
    {
        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Array))
            throw WrongType(value, field, place);
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0)
            throw OutOfRange("empty", field, place);
        bool isText = value.ValueKind == JsonValueKind.String || value[0].ValueKind == JsonValueKind.String;
        if (!isText && value[0].ValueKind is not (JsonValueKind.Number or JsonValueKind.Array))
            throw WrongType(value[0], field, $"{place}[0]");
        return isText
            ? [.. _texts.Read(value, field, place).Select(text => new PromptSource(text, null))]
            : [.. _several.Read(value, field, place).Select(ids => new PromptSource(null, ids))];
    }

    /// <inheritdoc/>
    public override OpenApiSchema ToSchema() => new() { OneOf = [_texts.ToSchema(), _several.ToSchema()] };
}
