using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Generate;

/// <summary>Text under a schema, an expression or a grammar, over HTTP.</summary>
public sealed class StructuredOutputTests(TinyServer server) : IClassFixture<TinyServer>
{
    [Theory]
    [InlineData(
        """ "json_schema": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": false}""",
        @"^\{\s*""a"":\s*-?\d+\s*\}$")]
    [InlineData(""" "regex": "[a-c]{3}-\\d" """, "^[a-c]{3}-[0-9]$")]
    [InlineData(""" "grammar": "root ::= \"yes\" | \"no\"" """, "^(yes|no)$")]
    public async Task Text_has_the_form_that_is_asked_for(string field, string pattern)
    {
        JsonNode answer = await server.Client.GenerateAsync(
            $$"""{"prompt": "Once upon", "return_full_text": false, "temperature": 1.5, "seed": 3, "num_return_sequences": 5, {{field}}}""");

        Assert.All(answer["sequences"]!.AsArray(), one => Assert.Matches(pattern, (string)one!["generated_text"]!));
        Assert.NotNull(answer["settings"]![field.Trim().Split('"')[1]]);
    }
}
