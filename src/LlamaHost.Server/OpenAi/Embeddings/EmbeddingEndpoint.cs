using LlamaHost.Engine.Requests;
using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Hosting;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenAi.Completions;

namespace LlamaHost.Server.OpenAi.Embeddings;

/// <summary><c>POST /v1/embeddings</c>: one vector for each text.</summary>
internal sealed class EmbeddingEndpoint(InferenceRuntime runtime, ShutdownDrain shutdown, BodyReader bodies, OpenAiModels models)
{
    private const string Field = "input";

    /// <summary>Answers one request.</summary>
    public Task HandleAsync(HttpContext context) => shutdown.RunAsync(context, async cancellationToken =>
    {
        EmbeddingRequest request = await bodies.ReadAsync(context.Request, EmbeddingParameters.Table, cancellationToken);
        ModelEntry model = models.Resolve(request.Model);
        ModelDescription description = await runtime.EnsureReadyAsync(model, cancellationToken);
        EmbeddingDescription embedding = description.Embedding
            ?? throw ApiException.BadRequest(ErrorCodes.UnsupportedByModel, "model", $"The model '{model.Id}' makes no embeddings.");
        int dimensions = CheckDimensions(request.Dimensions, embedding);
        // Before the worker is asked for tokens.
        SamplingRule.CheckTokens(request.Inputs.SelectMany(input => input.Tokens ?? []), Field, description);
        IReadOnlyList<int>[] texts = await Task.WhenAll(request.Inputs.Select((input, index) => TokensAsync(
            model, input, request.Inputs.Count == 1 ? Field : $"{Field}[{index}]", embedding, cancellationToken)));
        IReadOnlyList<float[]> vectors = await runtime.EmbedAsync(model, texts, cancellationToken);
        int tokens = texts.Sum(text => text.Count);
        var answer = new EmbeddingResponse
        {
            Model = model.Id,
            Data =
            [
                .. vectors.Select((vector, index) => new EmbeddingItem
                    { Index = index, Embedding = new EmbeddingVector(EmbeddingVector.Shorten(vector, dimensions), request.IsBase64) }),
            ],
            Usage = new EmbeddingUsage(tokens, tokens),
        };
        await context.Response.WriteAsJsonAsync(answer, EmbeddingJson.Readable.EmbeddingResponse, cancellationToken: cancellationToken);
    });

    private static int CheckDimensions(int? asked, EmbeddingDescription embedding) => asked is not { } dimensions ? embedding.Length
        : dimensions <= embedding.Length ? dimensions
        : throw ApiException.BadRequest(
            ErrorCodes.OutOfRange, "dimensions", $"dimensions is {dimensions}; the model's vectors have {embedding.Length} numbers.");

    private async Task<IReadOnlyList<int>> TokensAsync(
        ModelEntry model, PromptSource input, string place, EmbeddingDescription embedding, CancellationToken cancellationToken)
    {
        IReadOnlyList<int> tokens = input.Text switch
        {
            null => input.Tokens!,
            // Some tokenizers would add a begin token, and its vector stands for nothing.
            "" => [],
            string text => await runtime.TokenizeAsync(model, text, addSpecial: true, parseSpecial: false, cancellationToken),
        };
        if (tokens.Count == 0)
            throw ApiException.BadRequest(ErrorCodes.EmptyPrompt, Field, $"{place} is empty: there is nothing to embed.");
        return tokens.Count <= embedding.MaxTokens
            ? tokens
            : throw ApiException.BadRequest(
                ErrorCodes.ContextLengthExceeded, Field,
                $"This model's maximum context length is {embedding.MaxTokens} tokens. However, your {place} resulted in {tokens.Count} tokens. "
                + $"Please reduce the length of the {Field}.");
    }
}
