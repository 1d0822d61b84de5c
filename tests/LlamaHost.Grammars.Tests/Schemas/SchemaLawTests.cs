using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using LlamaHost.Grammars.Schemas;
using LlamaHost.Grammars.Tests.Harness;

namespace LlamaHost.Grammars.Tests.Schemas;

/// <summary>Laws that hold for random schemas.</summary>
public sealed class SchemaLawTests
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions Indented = new(Compact) { WriteIndented = true };

    [Fact]
    public void What_a_random_schema_s_grammar_lets_through_is_valid() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            string schema = RandomSchema.Of(random, 3).Json.ToJsonString(Compact);
            Texts texts = Of(schema);
            var valid = new ValidJson(schema);
            return Enumerable.Range(0, 3).Select(_ => texts.Draw(random, 400)).All(text => text is null || valid.Accepts(text));
        },
        iter: 300);

    [Fact]
    public void Lengths_count_code_points_and_not_what_a_reader_sees_as_one()
    {
        Texts texts = Of("""{"type":"string","minLength":2,"maxLength":2}""");

        Assert.True(texts.Accepts("\"A\u0743\""));
        Assert.False(texts.Accepts("\"\u0743\""));
    }

    [Fact]
    public void Every_valid_value_is_let_through_as_JSON_writers_write_it() => Gen.Int.Sample(
        seed =>
        {
            var random = new Random(seed);
            RandomSchema schema = RandomSchema.Of(random, 3);
            Texts texts = Of(schema.Json.ToJsonString(Compact));
            return Enumerable.Range(0, 5).Select(_ => schema.Value(random)).All(value =>
                texts.Accepts(JsonSerializer.Serialize(value, Compact)) && texts.Accepts(JsonSerializer.Serialize(value, Indented)));
        },
        iter: 300);

    [Fact]
    public void Numbers_are_let_through_exactly_within_their_bounds() => Gen.Select(
        Gen.Int[-3000, 3000], Gen.Int[0, 2000], Gen.Bool, Gen.Bool, Gen.Int[-6000, 6000].Array[20]).Sample(
        (from, length, isOpenBelow, isOpenAbove, values) =>
        {
            decimal least = from / 100m;
            decimal most = least + (length / 100m) + 0.01m;
            (string below, string above) = (isOpenBelow ? "exclusiveMinimum" : "minimum", isOpenAbove ? "exclusiveMaximum" : "maximum");
            Texts texts = Of(FormattableString.Invariant($$"""{"type":"number","{{below}}":{{least}},"{{above}}":{{most}}}"""));
            return values.Select(value => value / 100m).Concat([least, most]).All(value =>
            {
                bool isIn = (isOpenBelow ? value > least : value >= least) && (isOpenAbove ? value < most : value <= most);
                return texts.Accepts(FormattableString.Invariant($"{value}")) == isIn;
            });
        },
        iter: 200);

    [Fact]
    public void Whatever_is_sent_as_a_schema_is_taken_or_refused() => Gen.Int.Sample(
        seed =>
        {
            try
            {
                Of(Anything(new Random(seed), 4).ToJsonString()).Draw(new Random(seed), 50);
            }
            catch (GrammarException)
            {
                // Refused.
            }
        },
        iter: 500);

    private static Texts Of(string schema) => new(Grammar.FromJsonSchema(JsonDocument.Parse(schema).RootElement));

    private static JsonObject Anything(Random random, int depth)
    {
        string[] keywords = [.. SchemaReader.Keywords.Keys];
        var schema = new JsonObject();
        for (int i = random.Next(5); i > 0; i--)
            schema[keywords[random.Next(keywords.Length)]] = Value(random, depth - 1);
        return schema;
    }

    private static JsonNode? Value(Random random, int depth) => random.Next(depth > 0 ? 9 : 5) switch
    {
        0 => random.Next(-3, 10),
        1 => "#",
        2 => "string",
        3 => random.Next(2) == 0,
        4 => "[a-z]+",
        5 or 6 => Anything(random, depth),
        7 => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Anything(random, depth - 1))]),
        _ => new JsonObject { ["a"] = Anything(random, depth - 1), ["b"] = Anything(random, depth - 1) },
    };
}
