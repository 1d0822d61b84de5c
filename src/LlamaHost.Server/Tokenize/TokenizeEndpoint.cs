using LlamaHost.Engine.Requests;
using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Hosting;

namespace LlamaHost.Server.Tokenize;

/// <summary><c>POST /tokenize</c> and <c>POST /detokenize</c>: texts to token ids and back.</summary>
internal sealed class TokenizeEndpoint(InferenceRuntime runtime, BodyReader bodies, ShutdownDrain shutdown)
{
    /// <summary>Answers with the tokens of a text.</summary>
    public Task TokenizeAsync(HttpContext context) => shutdown.RunAsync(context, async cancellationToken =>
    {
        TokenizeRequest request = await bodies.ReadAsync(context.Request, TokenizeRequest.Table, cancellationToken);
        ModelEntry model = runtime.Resolve(request.Model);
        IReadOnlyList<int> tokens = await runtime.TokenizeAsync(model, request.Text, request.AddSpecialTokens, parseSpecial: true, cancellationToken);
        (_, IReadOnlyList<string> pieces) = await runtime.DetokenizeAsync(model, tokens, skipSpecialTokens: false, cancellationToken);
        var answer = new TokenizeResponse { Model = model.Id, TokenIds = tokens, Tokens = pieces };
        await context.Response.WriteAsJsonAsync(answer, TokenizeJson.Readable.TokenizeResponse, cancellationToken: cancellationToken);
    });

    /// <summary>Answers with the text of tokens.</summary>
    public Task DetokenizeAsync(HttpContext context) => shutdown.RunAsync(context, async cancellationToken =>
    {
        DetokenizeRequest request = await bodies.ReadAsync(context.Request, DetokenizeRequest.Table, cancellationToken);
        ModelEntry model = runtime.Resolve(request.Model);
        ModelDescription description = await runtime.EnsureReadyAsync(model, cancellationToken);
        CheckTokens(request.TokenIds, description.VocabularySize);
        (string text, _) = await runtime.DetokenizeAsync(model, request.TokenIds, request.SkipSpecialTokens, cancellationToken);
        var answer = new DetokenizeResponse { Model = model.Id, Text = text };
        await context.Response.WriteAsJsonAsync(answer, TokenizeJson.Readable.DetokenizeResponse, cancellationToken: cancellationToken);
    });

    private static void CheckTokens(IReadOnlyList<int> tokens, int vocabulary)
    {
        foreach (int token in tokens)
        {
            if (token >= vocabulary)
                throw ApiException.BadRequest(
                    ErrorCodes.OutOfRange, "token_ids", $"token_ids holds {token}; the model's token ids are 0 to {vocabulary - 1}.");
        }
    }
}
