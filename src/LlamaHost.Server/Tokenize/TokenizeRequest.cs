using LlamaHost.Server.Binding;

namespace LlamaHost.Server.Tokenize;

/// <summary>The body of <c>POST /tokenize</c> as sent.</summary>
internal sealed class TokenizeRequest
{
    public string? Model { get; set; }

    public string Text { get; set; } = "";

    public bool AddSpecialTokens { get; set; } = true;

    /// <summary>Its fields: one row each.</summary>
    public static ParameterTable<TokenizeRequest> Table { get; } = new(
        Parameter<TokenizeRequest>.Of("text", new TextShape(), (request, value) => request.Text = value,
            "The text. Special tokens written in it are recognised.") with
            { IsRequired = true, OtherNames = ["content", "input", "inputs", "prompt"] },
        Parameter<TokenizeRequest>.Of("add_special_tokens", new BooleanShape(), (request, value) => request.AddSpecialTokens = value,
            "Add the begin and end tokens that the model's tokenizer adds to a prompt.") with
            { Default = true, OtherNames = ["add_special"] },
        Parameter<TokenizeRequest>.Of("model", new TextShape(1, 256), (request, value) => request.Model = value,
            "Id of the model, as GET /v1/models lists them.") with
            { WhenLeftOut = "the default model" });
}
