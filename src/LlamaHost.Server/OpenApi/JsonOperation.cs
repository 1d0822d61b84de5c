using System.Text.Json.Nodes;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Streaming;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LlamaHost.Server.OpenApi;

/// <summary>Describes an operation that takes one JSON object, defined by a table of parameters, and answers with another.</summary>
/// <typeparam name="TRequest">What the body is read into; names its schema.</typeparam>
/// <param name="id">The operation's id.</param>
/// <param name="tag">Its group.</param>
/// <param name="summary">What it does, in a few words.</param>
/// <param name="description">What it does, in full.</param>
/// <param name="table">The body's fields.</param>
/// <param name="answer">Type of the answer.</param>
internal sealed class JsonOperation<TRequest>(
    string id, string tag, string summary, string description, ParameterTable<TRequest> table, Type answer) : IOperationDescriber
    where TRequest : new()
{
    /// <summary>Documented calls. The tests send every one of them.</summary>
    public required IReadOnlyList<CallExample> Examples { get; init; }

    /// <summary>Examples of what is wrong with a request.</summary>
    public required IReadOnlyList<ApiException> Errors { get; init; }

    /// <summary>Shape of the errors; <see langword="null"/>: problem documents.</summary>
    public IErrorShape? ErrorShape { get; init; }

    /// <summary>The events that the answer may come as, if it may: type of their data, and the text of a whole stream.</summary>
    public (Type Data, string Example)? Stream { get; init; }

    /// <inheritdoc/>
    public async Task DescribeAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.OperationId = id;
        operation.Tags = new HashSet<OpenApiTagReference> { new(tag, context.Document) };
        operation.Summary = summary;
        operation.Description = description;
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new OpenApiMediaType
                {
                    Schema = context.ReferTo(typeof(TRequest).Name, table.ToSchema()),
                    Examples = Documented(one => one.Body),
                },
            },
        };
        operation.Responses = new OpenApiResponses
        {
            ["200"] = new OpenApiResponse
            {
                Description = "The answer.",
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/json"] = new OpenApiMediaType
                    {
                        Schema = await context.ReferToAsync(answer, cancellationToken),
                        Examples = Documented(one => one.Answer),
                    },
                },
            },
        };
        if (Stream is { } stream)
        {
            operation.Responses["200"].Content![StreamNegotiation.ServerSentEvents] = new OpenApiMediaType
            {
                Schema = await context.ReferToAsync(stream.Data, cancellationToken),
                Example = stream.Example,
            };
        }
        await CommonErrors.AddAsync(operation, context, Errors, ErrorShape, cancellationToken);
    }

    private Dictionary<string, IOpenApiExample> Documented(Func<CallExample, string> json) =>
        Examples.ToDictionary(
            one => one.Name, IOpenApiExample (one) => new OpenApiExample { Summary = one.Summary, Value = JsonNode.Parse(json(one)) });
}

/// <summary>A call of the documentation.</summary>
/// <param name="Name">Key in the document.</param>
/// <param name="Summary">What it shows.</param>
/// <param name="Body">The request's JSON.</param>
/// <param name="Answer">The answer's JSON.</param>
internal sealed record CallExample(string Name, string Summary, string Body, string Answer);
