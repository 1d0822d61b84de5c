using System.Text.Json;
using System.Text.Json.Nodes;
using LlamaHost.Server.Generate;
using LlamaHost.Server.Generate.Parameters;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenApi;

public sealed class ApiDocumentTests(TinyServer server) : IClassFixture<TinyServer>
{
    [Fact]
    public async Task Every_documented_request_is_answered()
    {
        JsonNode document = await server.Client.GetJsonAsync("/openapi/v1.json");
        JsonObject examples = document["paths"]!["/generate"]!["post"]!["requestBody"]!["content"]!["application/json"]!["examples"]!.AsObject();

        Assert.Equal(GenerateExamples.All.Count, examples.Count);
        foreach ((string name, JsonNode? example) in examples)
        {
            using HttpResponseMessage response = await server.Client.PostAsync(example!["value"]!.ToJsonString());
            Assert.True(response.IsSuccessStatusCode, $"{name}: {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
        }
    }

    [Fact]
    public async Task The_request_schema_has_every_field_and_nothing_else()
    {
        JsonNode document = await server.Client.GetJsonAsync("/openapi/v1.json");
        JsonNode schema = document["components"]!["schemas"]!["GenerateRequest"]!;

        Assert.Equal(GenerateParameters.Table.Parameters.Select(one => one.Name), schema["properties"]!.AsObject().Select(one => one.Key));
        Assert.All(schema["properties"]!.AsObject(), one => Assert.False(string.IsNullOrEmpty((string?)one.Value!["description"]), one.Key));
        Assert.False((bool)schema["additionalProperties"]!);
        Assert.Equal(50, (int)schema["properties"]!["top_k"]!["default"]!);
        IEnumerable<string> shown = GenerateExamples.All.SelectMany(one => JsonNode.Parse(one.Body)!.AsObject().Select(field => field.Key));
        Assert.Equal(["model"], GenerateParameters.Table.Parameters.Select(one => one.Name).Except(shown));
    }

    [Fact]
    public async Task Every_answer_of_a_documented_request_is_in_the_schema()
    {
        JsonNode document = await server.Client.GetJsonAsync("/openapi/v1.json");
        foreach (GenerateExample example in GenerateExamples.All.Where(one => !one.Body.Contains("\"stream\": true", StringComparison.Ordinal)))
        {
            JsonNode answer = await server.Client.GenerateAsync(example.Body);
            AssertDescribed(document, answer, document["components"]!["schemas"]!["GenerateResponse"]!, example.Name);
        }
    }

    [Fact]
    public async Task Documented_answers_are_in_the_schema_and_are_what_the_code_would_send()
    {
        JsonNode document = await server.Client.GetJsonAsync("/openapi/v1.json");
        JsonNode content = document["paths"]!["/generate"]!["post"]!["responses"]!["200"]!["content"]!;
        JsonObject names = document["components"]!["schemas"]!["GenerateEvent"]!["discriminator"]!["mapping"]!.AsObject();
        JsonNode whole = content["application/json"]!["example"]!;
        string[] lines = ((string)content["application/x-ndjson"]!["example"]!).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        AssertDescribed(document, whole, document["components"]!["schemas"]!["GenerateResponse"]!, "answer");
        Assert.NotNull(whole.Deserialize(GenerateJson.Readable.GenerateResponse));
        Assert.Equal(["token", "token", "sequence", "done"], lines.Select(line => (string?)JsonNode.Parse(line)!["type"]));
        foreach (JsonNode line in lines.Select(line => JsonNode.Parse(line)!))
        {
            AssertDescribed(document, line, new JsonObject { ["$ref"] = (string)names[(string)line["type"]!]! }, "event");
            Assert.NotNull(line.Deserialize(GenerateJson.Readable.GenerateEvent));
        }
    }

    [Theory]
    [InlineData("/v1/completions", "CompletionRequest", "CompletionResponse")]
    [InlineData("/v1/chat/completions", "ChatRequest", "ChatCompletion")]
    [InlineData("/v1/responses", "ResponseRequest", "ResponseObject")]
    [InlineData("/apply-template", "ApplyTemplateRequest", "ApplyTemplateResponse")]
    [InlineData("/score", "ScoreRequest", "ScoreResponse")]
    [InlineData("/tokenize", "TokenizeRequest", "TokenizeResponse")]
    [InlineData("/detokenize", "DetokenizeRequest", "DetokenizeResponse")]
    public async Task Every_documented_call_is_answered_as_described(string path, string request, string response)
    {
        JsonNode document = await server.Client.GetJsonAsync("/openapi/v1.json");
        JsonNode operation = document["paths"]![path]!["post"]!, schemas = document["components"]!["schemas"]!;
        JsonObject calls = operation["requestBody"]!["content"]!["application/json"]!["examples"]!.AsObject();
        JsonObject answers = operation["responses"]!["200"]!["content"]!["application/json"]!["examples"]!.AsObject();

        Assert.True(calls.Count >= 2);
        Assert.Equal(calls.Select(one => one.Key), answers.Select(one => one.Key));
        foreach ((string name, JsonNode? call) in calls)
        {
            AssertDescribed(document, call!["value"]!, schemas[request]!, name);
            AssertDescribed(document, answers[name]!["value"]!, schemas[response]!, name);
            if ((bool?)call["value"]!["stream"] is not true)
                AssertDescribed(document, await server.Client.AskAsync(path, call["value"]!.ToJsonString()), schemas[response]!, name);
        }
        Assert.All(
            schemas[request]!["properties"]!.AsObject(), one => Assert.False(string.IsNullOrEmpty((string?)one.Value!["description"]), one.Key));
        IEnumerable<string> fields = schemas[request]!["properties"]!.AsObject().Select(one => one.Key);
        IEnumerable<string> shown = calls.SelectMany(one => one.Value!["value"]!.AsObject()).Select(one => one.Key);
        // Which models and responses there are depends on the server that is asked, and so does whether it takes templates.
        Assert.Empty(fields.Except(shown).Except(["model", "template", "previous_response_id"]));
        Assert.Equal(["200", "400", "404", "413", "415", "429", "503"], operation["responses"]!.AsObject().Select(one => one.Key));
    }

    [Fact]
    public async Task A_token_that_follows_nothing_may_have_null_for_its_log_probability()
    {
        JsonNode document = await server.Client.GetJsonAsync("/openapi/v1.json");
        JsonNode items = document["components"]!["schemas"]!["TextScore"]!["properties"]!["token_logprobs"]!["items"]!;

        Assert.Contains("null", items["type"]!.AsArray().Select(one => (string)one!));
    }

    [Fact]
    public async Task Errors_and_streams_are_described_and_every_reference_leads_somewhere()
    {
        JsonNode document = await server.Client.GetJsonAsync("/openapi/v1.json");
        JsonObject responses = document["paths"]!["/generate"]!["post"]!["responses"]!.AsObject();

        Assert.Equal(["200", "400", "404", "413", "415", "429", "503"], responses.Select(one => one.Key));
        Assert.Equal(
            ["application/json", "text/event-stream", "application/x-ndjson"], responses["200"]!["content"]!.AsObject().Select(one => one.Key));
        Assert.All(
            responses.Where(one => one.Key != "200"),
            one => Assert.NotEmpty(one.Value!["content"]!["application/problem+json"]!["examples"]!.AsObject()));
        Assert.NotNull(responses["429"]!["headers"]!["Retry-After"]);
        string[] references = [.. References(document)];
        Assert.NotEmpty(references);
        Assert.All(
            references, reference =>
                Assert.NotNull(document["components"]!["schemas"]![reference.Replace("#/components/schemas/", "", StringComparison.Ordinal)]));
        Assert.Superset(
            new HashSet<string> { "/generate", "/score", "/tokenize", "/detokenize", "/v1/models", "/health", "/health/live", "/health/ready" },
            document["paths"]!.AsObject().Select(one => one.Key).ToHashSet());
    }

    [Fact]
    public async Task The_page_needs_nothing_from_elsewhere()
    {
        using HttpResponseMessage page = await server.Client.GetAsync("/docs");
        string html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.True(page.IsSuccessStatusCode);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        using HttpResponseMessage script = await server.Client.GetAsync("/docs/scalar.js");
        Assert.True(script.IsSuccessStatusCode);
    }

    private static void AssertDescribed(JsonNode document, JsonNode value, JsonNode schema, string place)
    {
        if ((string?)schema["$ref"] is { } reference)
            schema = document["components"]!["schemas"]![reference.Replace("#/components/schemas/", "", StringComparison.Ordinal)]!;
        if (value is JsonObject derived && schema["discriminator"]?["mapping"]?[(string)derived["type"]!] is { } kind)
        {
            AssertDescribed(document, value, new JsonObject { ["$ref"] = (string)kind! }, place);
            return;
        }
        schema = Alternatives(schema).FirstOrDefault(one => one["type"] is JsonValue type && (string?)type == TypeOf(value)) ?? schema;
        if (value is JsonArray items)
        {
            if (schema["items"] is not { } described || described["anyOf"] is not null)
                return;
            foreach (JsonNode? item in items)
                AssertDescribed(document, item!, described, $"{place}[]");
        }
        // What may hold anything describes nothing of it.
        if (value is not JsonObject fields || schema["additionalProperties"] is JsonObject || IsAnything(schema))
            return;
        foreach (JsonNode? required in schema["required"]?.AsArray() ?? [])
            Assert.True(fields.ContainsKey((string)required!), $"{place} lacks {required}");
        foreach ((string name, JsonNode? field) in fields)
        {
            JsonNode? described = schema["properties"]?[name];
            Assert.True(described is not null, $"{place}.{name} is not described");
            AssertDescribed(document, field!, described!, $"{place}.{name}");
        }
    }

    private static bool IsAnything(JsonNode schema) => schema["type"] is null && schema["properties"] is null;

    private static IEnumerable<JsonNode> Alternatives(JsonNode schema) =>
        schema["oneOf"] is JsonArray alternatives ? alternatives.SelectMany(one => Alternatives(one!)) : [schema];

    private static string TypeOf(JsonNode value) => value switch
    {
        JsonArray => "array",
        JsonObject => "object",
        _ => "",
    };

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject fields => fields.SelectMany(one => one.Key switch
        {
            "$ref" => [(string)one.Value!],
            "mapping" => one.Value!.AsObject().Select(mapped => (string)mapped.Value!),
            _ => References(one.Value),
        }),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}
