using System.Text.Json;
using LlamaHost.Grammars.Tests.Harness;

namespace LlamaHost.Grammars.Tests.Schemas;

public sealed class SchemaTests
{
    public static TheoryData<string> Schemas => [.. SchemaCorpus.All];

    private static Texts Of(string schema) => new(Grammar.FromJsonSchema(JsonDocument.Parse(schema).RootElement));

    [Theory]
    [MemberData(nameof(Schemas))]
    public void Whatever_a_schema_s_grammar_lets_through_is_valid(string schema)
    {
        Texts texts = Of(schema);
        var valid = new ValidJson(schema);
        var random = new Random(schema.Length);
        string[] drawn = [.. Enumerable.Range(0, 200).Select(_ => texts.Draw(random, 400)).OfType<string>()];

        Assert.NotEmpty(drawn);
        Assert.All(drawn, text => Assert.True(valid.Accepts(text), text));
    }

    [Theory]
    [MemberData(nameof(Schemas))]
    public void A_schema_s_grammar_survives_its_notation(string schema)
    {
        Grammar grammar = Grammar.FromJsonSchema(JsonDocument.Parse(schema).RootElement);
        Texts read = new(Grammar.FromGbnf(grammar.ToGbnf()));
        Texts own = new(grammar);
        var random = new Random(schema.Length);

        Assert.All(Enumerable.Range(0, 20).Select(_ => own.Draw(random, 300)).OfType<string>(), text => Assert.True(read.Accepts(text), text));
        Assert.All(Enumerable.Range(0, 20).Select(_ => read.Draw(random, 300)).OfType<string>(), text => Assert.True(own.Accepts(text), text));
    }

    [Theory]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"},"b":{}},"required":["a"]}""",
        """{"a":1,"b":[null,{"c":"\u00e9 \n"}],"d":1e-7}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"}}}""", "{\n  \"a\": 1,\n  \"x\": {}\n}")]
    [InlineData("""{"type":"array","items":{"type":"number"}}""", "[1, -2.5, 3e10, 0.001, 123456789012345678]")]
    [InlineData("""{"type":"string"}""", "\"\\ud83d\\ude42 🙂 \\\\ \\/\"")]
    [InlineData("""{"type":"string","format":"date-time"}""", "\"2024-02-29T23:59:59.123456+01:00\"")]
    [InlineData("""{"type":"string","format":"ipv6"}""", "\"2001:db8::ff00:42:8329\"")]
    [InlineData("""{"type":"string","pattern":"\n"}""", "\"a\\nb\"")]
    [InlineData("""{"properties":{"a\"b":{"const":"c\\d"}}}""", "{\"a\\\"b\":\"c\\\\d\"}")]
    [InlineData("""{"type":"number","minimum":-1.5}""", "-1.5")]
    [InlineData("""{"anyOf":[{"enum":[{"a":[1]}]},{"type":"null"}],"type":["object","null"]}""", "{\"a\": [1]}")]
    public void What_JSON_writers_write_is_let_through(string schema, string text) => Assert.True(Of(schema).Accepts(text));

    [Theory]
    [InlineData("""{"type":"string"}""", "\"\\ud83d\"")]
    [InlineData("""{"type":"string"}""", "\"a\nb\"")]
    [InlineData("""{"type":"integer"}""", "01")]
    [InlineData("""{"type":"object","properties":{"a":{}}}""", "{\"a\":1,\"a\":2}")]
    [InlineData("""{"type":"object","properties":{"a":{}}}""", "{\"\\u0061\":1}")]
    [InlineData("""{"type":"string","format":"date"}""", "\"2023-02-29\"")]
    [InlineData("""{"type":"object"}""", "{ }  ")]
    public void What_is_no_JSON_or_not_valid_is_not(string schema, string text) => Assert.False(Of(schema).Accepts(text));

    [Theory]
    [InlineData("""{"not":{"type":"string"}}""", "/not")]
    [InlineData("""{"properties":{"a/b":{"if":{}}}}""", "/properties/a~1b/if")]
    [InlineData("""{"items":{"type":"string","pattern":"(?=a)"}}""", "/items/pattern")]
    [InlineData("""{"type":"string","format":"regex"}""", "/format")]
    [InlineData("""{"type":"text"}""", "/type")]
    [InlineData("""{"uniqueItems":true}""", "/uniqueItems")]
    [InlineData("""{"contains":{}}""", "/contains")]
    [InlineData("""{"anyOf":[{},{"dependentRequired":{}}]}""", "/anyOf/1/dependentRequired")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"type":"number"}]}""", "/oneOf")]
    [InlineData("""{"$ref":"http://example.com/schema"}""", "/$ref")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "/$ref")]
    [InlineData("""{"properties":{"a":{"$id":"x"}}}""", "/properties/a/$id")]
    [InlineData("""{"type":"number","multipleOf":0.3}""", "/multipleOf")]
    [InlineData("""{"minLength":-1}""", "/minLength")]
    [InlineData("""{"minimum":"1"}""", "/minimum")]
    [InlineData("""{"exclusiveMinimum":true}""", "/exclusiveMinimum")]
    [InlineData("""{"required":"a"}""", "/required")]
    [InlineData("""{"minProperties":2}""", "/minProperties")]
    [InlineData("""{"items":[{}]}""", "/items")]
    [InlineData("""{"unevaluatedProperties":false}""", "/unevaluatedProperties")]
    [InlineData("""{"nullable":true}""", "/nullable")]
    [InlineData("""{"const":"\ud800"}""", "")]
    [InlineData("""{"typo":1}""", "/typo")]
    [InlineData("[]", "")]
    [InlineData("""{"$defs":{"a":{"$ref":"#/$defs/b","type":"string"},"b":{"$ref":"#/$defs/a"}},"$ref":"#/$defs/a"}""", "")]
    [InlineData("""{"$ref":"#"}""", "")]
    [InlineData("""{"$defs":{"n":{"type":"object","properties":{"n":{"$ref":"#/$defs/n"}},"required":["n"]}},"$ref":"#/$defs/n"}""", "")]
    [InlineData("false", "")]
    [InlineData("""{"type":"integer","minimum":3,"maximum":2}""", "")]
    public void What_can_t_be_enforced_is_refused_with_its_place(string schema, string place)
    {
        GrammarException refused = Assert.Throws<GrammarException>(() => Of(schema));

        Assert.StartsWith(place, refused.Place, StringComparison.Ordinal);
    }

    [Fact]
    public void Free_objects_are_objects()
    {
        Texts texts = new(Grammar.JsonObject());

        Assert.True(texts.Accepts("{\"a\": [1, {\"b\": null}]}"));
        Assert.False(texts.Begins("[") || texts.Begins("1"));
    }

    [Fact]
    public void Free_JSON_nests_as_deep_as_readers_read()
    {
        Texts texts = Of("{}");
        string deep = new string('[', GrammarLimits.MaxJsonDepth) + new string(']', GrammarLimits.MaxJsonDepth);

        Assert.True(texts.Accepts(deep));
        Assert.False(texts.Begins("[" + deep));
    }

    [Fact]
    public void Parts_are_put_together()
    {
        var builder = new GrammarBuilder();
        GrammarNode[] calls =
        [
            .. from tool in (string[])["add", "mul"]
               select GrammarNode.Sequence(
                   GrammarNode.Text($"<call>{tool} "),
                   builder.JsonSchema(JsonDocument.Parse("""{"type":"object","properties":{"x":{"type":"integer"}},"required":["x"]}""").RootElement),
                   GrammarNode.Text("</call>")),
        ];
        Texts texts = new(builder.Build(GrammarNode.Repeat(GrammarNode.Choice(calls), 1, null)));

        Assert.True(texts.Accepts("<call>add {\"x\": 1}</call><call>mul {\"x\":2,\"y\":3}</call>"));
        Assert.False(texts.Begins("<call>sub"));
    }
}
