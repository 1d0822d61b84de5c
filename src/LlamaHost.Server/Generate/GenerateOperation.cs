using System.Text.Json.Nodes;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate.Parameters;
using LlamaHost.Server.OpenApi;
using LlamaHost.Server.Streaming;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LlamaHost.Server.Generate;

/// <summary>Describes <c>POST /generate</c> in the API document.</summary>
internal sealed class GenerateOperation : IOperationDescriber
{
    /// <summary>The one description.</summary>
    public static GenerateOperation Instance { get; } = new();

    /// <inheritdoc/>
    public async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.OperationId = "generate";
        operation.Tags = new HashSet<OpenApiTagReference> { new("Generate", context.Document) };
        operation.Summary = "Continue prompts";
        operation.Description =
            "Parameters have the names, meanings and defaults of Hugging Face's `generate()`. The answer comes whole, or as a stream if "
            + "`stream` is true or the Accept header asks for one: an event per token, one per finished sequence, and a last one with the usage. "
            + "In `text/event-stream` events are numbered, `event` repeats the data's `type`, and comments break long silence; the "
            + "first one says that the request is admitted. `application/x-ndjson` has the same data, one event a line. An error after "
            + "the stream began is its last event.";
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new OpenApiMediaType
                {
                    Schema = context.ReferTo(nameof(GenerateRequest), GenerateParameters.Table.ToSchema()),
                    Examples = GenerateExamples.All.ToDictionary(
                        one => one.Name, IOpenApiExample (one) => new OpenApiExample { Summary = one.Summary, Value = JsonNode.Parse(one.Body) }),
                },
            },
        };
        IOpenApiSchema events = await context.ReferToAsync(typeof(GenerateEvent), cancellationToken);
        operation.Responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse
            {
                Description = "The continuations.",
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new OpenApiMediaType
                    {
                        Schema = await context.ReferToAsync(typeof(GenerateResponse), cancellationToken),
                        Example = GenerateAnswerExamples.Whole,
                    },
                    [StreamNegotiation.ServerSentEvents] =
                        new OpenApiMediaType { Schema = events, Example = GenerateAnswerExamples.ServerSentEvents },
                    [StreamNegotiation.JsonLines] = new OpenApiMediaType { Schema = events, Example = GenerateAnswerExamples.JsonLines },
                },
            },
        };
        // The table defines them, and no type does.
        if (context.Document!.Components!.Schemas![nameof(GenerateResponse)] is OpenApiSchema answer)
            answer.Properties!["settings"] = context.ReferTo("GenerateSettings", GenerateParameters.SettingsSchema());
        await CommonErrors.AddAsync(operation, context, Invalid(), shape: null, cancellationToken);
    }

    private static ApiException[] Invalid() =>
    [
        ApiException.BadRequest(ErrorCodes.UnknownField, "max_tokens", "There is no field \"max_tokens\". Did you mean max_new_tokens?"),
        ApiException.BadRequest(ErrorCodes.WrongType, "top_k", "top_k must be an integer, 0 or more; it is a string."),
        ApiException.BadRequest(ErrorCodes.OutOfRange, "top_p", "top_p must be a number from 0.000001 to 1; it is 1.5."),
        ApiException.BadRequest(ErrorCodes.MissingField, "prompt", "prompt is missing: a string, or an array of 1 to 1024 of them."),
        ApiException.BadRequest(
            ErrorCodes.UnsupportedParameter, "penalty_alpha", $"penalty_alpha is not supported: {UnsupportedParameters.Reasons["penalty_alpha"]}"),
        ApiException.BadRequest(ErrorCodes.DuplicateField, "seed", "seed is there twice."),
        ApiException.BadRequest(
            ErrorCodes.ConflictingFields, "temperature",
            "temperature must be above 0 when do_sample is true; leave do_sample out for greedy search."),
        ApiException.BadRequest(
            ErrorCodes.ContextLengthExceeded, "prompt", "prompt has 9000 tokens; the model's context is 8192 tokens."),
        ApiException.BadRequest(
            ErrorCodes.MaxLengthBelowPrompt, "max_length",
            "max_length is 5 tokens, prompt included, but prompt has 9 tokens: raise max_length, or use max_new_tokens."),
        ApiException.BadRequest(ErrorCodes.EmptyPrompt, "prompt", "prompt has no tokens, and this model has no begin token to start from."),
        ApiException.BadRequest(
            ErrorCodes.TooManySequences, "num_return_sequences", "1 prompts times 1000 are 1000 sequences; one request may have 256."),
    ];
}
