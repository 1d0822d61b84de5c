using System.Text.Json;
using LlamaHost.Grammars.Tests.Harness;

namespace LlamaHost.Grammars.Tests.Schemas;

/// <summary>Schemas that are made to take long. Each is refused or served, in bounded time.</summary>
public sealed class HostileSchemaTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static TheoryData<string> Schemas =>
    [
        $$"""{"enum":[{{string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"value {i * 7919}\""))}}]}""",
        $$"""{"enum":[{{string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"{new string('a', i)}\""))}}]}""",
        Nested(30, "{\"type\":\"object\",\"properties\":{\"a\":", "}}", "{}"),
        Nested(25, "{\"type\":\"array\",\"items\":", "}", "{\"type\":\"integer\"}"),
        Nested(20, "{\"anyOf\":[{\"type\":\"null\"},", "]}", "{}"),
        """{"type":"string","pattern":"(a+)+$","maxLength":1000}""",
        """{"type":"string","pattern":"a.{200}b","maxLength":300}""",
        """{"type":"string","pattern":"^(([a-z])+.)+[A-Z]([a-z])+$"}""",
        """{"type":"string","pattern":"((a{0,100}){0,100}){0,100}"}""",
        """{"type":"string","minLength":100000,"maxLength":100000}""",
        """{"type":"array","items":{"type":"array","items":{"type":"array","minItems":1000},"minItems":1000},"minItems":100000}""",
        """{"type":"integer","multipleOf":997,"minimum":-99999999999999999999999999,"maximum":9999999999999999999999999999999}""",
        """
        {"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/b"},{"$ref":"#/$defs/c"}]},"b":{"type":"array","items":{"$ref":"#/$defs/a"}},
        "c":{"type":"array","items":{"$ref":"#/$defs/b"}}},"$ref":"#/$defs/a"}
        """,
        """
        {"$defs":{"t":{"properties":{"l":{"$ref":"#/$defs/t","description":"x","minProperties":0},"r":{"$ref":"#/$defs/t","title":"y",
        "allOf":[{"type":"object"}]}}}},"$ref":"#/$defs/t"}
        """,
        $"{{\"properties\":{{{Properties(2000)}}}}}",
        $"{{\"properties\":{{{Properties(500)}}},\"maxProperties\":400}}",
        $$"""{"allOf":[{{string.Join(',', Enumerable.Range(0, 90).Select(i => $"{{\"anyOf\":[{{\"minimum\":{i}}},{{\"maximum\":{i}}}]}}"))}}]}""",
        """{"patternProperties":{"a":{},"b":{},"c":{},"d":{},"e.{30}":{},"f.{30}":{}}}""",
    ];

    [Theory]
    [MemberData(nameof(Schemas))]
    public void A_hostile_schema_is_refused_or_served_in_bounded_time(string schema)
    {
        long start = TimeProvider.System.GetTimestamp();
        try
        {
            var texts = new Texts(Grammar.FromJsonSchema(JsonDocument.Parse(schema).RootElement));
            texts.Draw(new Random(1), 200);
        }
        catch (GrammarException refused)
        {
            Assert.NotEmpty(refused.Message);
        }
        Assert.InRange(TimeProvider.System.GetElapsedTime(start), TimeSpan.Zero, Patience);
    }

    private static string Properties(int count) => string.Join(',', Enumerable.Range(0, count).Select(i => $"\"p{i}\":{{}}"));

    private static string Nested(int depth, string open, string close, string inner) =>
        string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));
}
