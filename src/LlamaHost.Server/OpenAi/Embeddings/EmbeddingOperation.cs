using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenApi;

namespace LlamaHost.Server.OpenAi.Embeddings;

/// <summary>Describes <c>POST /v1/embeddings</c> in the API document.</summary>
internal static class EmbeddingOperation
{
    /// <summary>The one description.</summary>
    public static JsonOperation<EmbeddingRequest> Instance { get; } = new(
        "createEmbedding", "OpenAI", "Vectors that stand for texts",
        "The shapes are OpenAI's. Vectors have length 1, so the dot product of two is their cosine. A text's vector does not depend on the other "
        + "texts of the request. Nothing is cut: a text that is too long is refused. Fields that are not described here are ignored.",
        EmbeddingParameters.Table, typeof(EmbeddingResponse))
    {
        Examples =
        [
            new("text", "Embed a text", """{"input": "Water boils at 100 degrees."}""", Numbers),
            new("texts", "Several texts, as OpenAI's SDKs ask for them",
                """{"input": ["Water boils.", "Ice melts."], "encoding_format": "base64", "user": "me"}""", Base64),
            new("tokens", "Token ids, and shorter vectors", """{"input": [[5, 6, 7], [8]], "dimensions": 2}""", Numbers),
        ],
        ErrorShape = OpenAiErrors.Instance,
        Errors =
        [
            ApiException.BadRequest(ErrorCodes.WrongType, "encoding_format", "encoding_format must be \"float\" or \"base64\"; it is a number."),
            ApiException.BadRequest(ErrorCodes.OutOfRange, "dimensions", "dimensions is 4096; the model's vectors have 576 numbers."),
            ApiException.BadRequest(ErrorCodes.MissingField, "input", "input is missing: a string, an array of token ids, or an array of either."),
            ApiException.BadRequest(ErrorCodes.DuplicateField, "input", "input is there twice."),
            ApiException.BadRequest(ErrorCodes.EmptyPrompt, "input", "input[1] is empty: there is nothing to embed."),
            ApiException.BadRequest(
                ErrorCodes.ContextLengthExceeded, "input",
                "This model's maximum context length is 8192 tokens. However, your input[3] resulted in 9000 tokens. "
                + "Please reduce the length of the input."),
            ApiException.BadRequest(ErrorCodes.UnsupportedByModel, "model", "The model 'reranker' makes no embeddings."),
        ],
    };

    private const string Numbers =
        """
        {
          "object": "list",
          "data": [{"object": "embedding", "index": 0, "embedding": [0.6, -0.8]}],
          "model": "SmolLM2-135M-Instruct.Q4_1", "usage": {"prompt_tokens": 9, "total_tokens": 9}
        }
        """;

    private const string Base64 =
        """
        {
          "object": "list",
          "data": [
            {"object": "embedding", "index": 0, "embedding": "mpkZP83MTL8="}, {"object": "embedding", "index": 1, "embedding": "zcxMP5qZGb8="}
          ],
          "model": "SmolLM2-135M-Instruct.Q4_1", "usage": {"prompt_tokens": 6, "total_tokens": 6}
        }
        """;
}
