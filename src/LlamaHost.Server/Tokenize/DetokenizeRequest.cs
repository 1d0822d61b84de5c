using LlamaHost.Server.Binding;

namespace LlamaHost.Server.Tokenize;

/// <summary>The body of <c>POST /detokenize</c> as sent.</summary>
internal sealed class DetokenizeRequest
{
    private const int MaxTokens = 1 << 20;

    public string? Model { get; set; }

    public IReadOnlyList<int> TokenIds { get; set; } = [];

    public bool SkipSpecialTokens { get; set; } = true;

    /// <summary>Its fields: one row each.</summary>
    public static ParameterTable<DetokenizeRequest> Table { get; } = new(
        Parameter<DetokenizeRequest>.Of("token_ids", new ListShape<int>(new IntegerShape(0), 0, MaxTokens),
            (request, value) => request.TokenIds = value,
            "Token ids of the model.") with
            { IsRequired = true, OtherNames = ["tokens", "ids", "input_ids"] },
        Parameter<DetokenizeRequest>.Of("skip_special_tokens", new BooleanShape(), (request, value) => request.SkipSpecialTokens = value,
            "Leave special tokens, such as the end token, out of the text.") with
            { Default = true },
        Parameter<DetokenizeRequest>.Of("model", new TextShape(1, 256), (request, value) => request.Model = value,
            "Id of the model, as GET /v1/models lists them.") with
            { WhenLeftOut = "the default model" });
}
