using System.Text.Json.Nodes;

namespace LlamaHost.Grammars.Tests.Schemas;

/// <summary>A random schema, and random values that are valid under it by the way in which it was made.</summary>
/// <param name="Json">The schema.</param>
/// <param name="Value">Makes a value.</param>
internal sealed record RandomSchema(JsonNode Json, Func<Random, JsonNode?> Value)
{
    private const string Letters = "abcXYZ019 _-é🙂\"\\\n/";

    public static RandomSchema Of(Random random, int depth) => random.Next(depth > 0 ? 11 : 7) switch
    {
        0 => new(Schema(("type", "null")), _ => null),
        1 => new(Schema(("type", "boolean")), values => values.Next(2) == 0),
        2 => Integer(random),
        3 => Number(random),
        4 => Text(random),
        5 => new(Schema(("type", "string"), ("pattern", "^[a-c]{2,4}\\d$")), values => $"{Pick(values, "abc", 2, 4)}{values.Next(10)}"),
        6 => Listed(random),
        7 or 8 => Array(random, depth),
        9 => Object(random, depth),
        _ => Either(random, depth),
    };

    private static RandomSchema Integer(Random random)
    {
        int least = random.Next(-2000, 2000);
        int most = least + random.Next(0, 3000);
        int step = random.Next(1, 12);
        // So that there is one.
        most += step;
        return new(
            Schema(("type", "integer"), ("minimum", least), ("maximum", most), ("multipleOf", step)),
            values => (int)(Math.Ceiling((double)least / step) + values.Next(Math.Max(1, (most - least) / step))) * step);
    }

    private static RandomSchema Number(Random random)
    {
        decimal least = random.Next(-50_000, 50_000) / 100m;
        decimal most = least + (random.Next(1, 50_000) / 1000m);
        return new(
            Schema(("type", "number"), ("minimum", least), ("exclusiveMaximum", most)),
            values => decimal.Round(least + ((most - least) * values.Next(0, 1000) / 1001m), 12));
    }

    private static RandomSchema Text(Random random)
    {
        int least = random.Next(0, 4);
        int most = least + random.Next(0, 6);
        return new(Schema(("type", "string"), ("minLength", least), ("maxLength", most)), values => Pick(values, Letters, least, most));
    }

    private static RandomSchema Listed(Random random)
    {
        JsonNode?[] all = [1, "two", null, true, new JsonArray(3, "4"), new JsonObject { ["five"] = 6.5 }, "2\n"];
        JsonNode?[] some = [.. all.Where(_ => random.Next(2) == 0), "last"];
        return new(
            new JsonObject { ["enum"] = new JsonArray([.. some.Select(one => one?.DeepClone())]) },
            values => some[values.Next(some.Length)]?.DeepClone());
    }

    private static RandomSchema Array(Random random, int depth)
    {
        RandomSchema item = Of(random, depth - 1);
        RandomSchema[] prefix = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Of(random, depth - 1))];
        int least = random.Next(0, 3);
        int most = least + random.Next(0, 4);
        JsonObject schema = Schema(("type", "array"), ("minItems", least), ("maxItems", most));
        schema["items"] = item.Json.DeepClone();
        if (prefix.Length > 0)
            schema["prefixItems"] = new JsonArray([.. prefix.Select(one => one.Json.DeepClone())]);
        return new(schema, values => new JsonArray(
            [.. Enumerable.Range(0, values.Next(least, most + 1)).Select(place => (place < prefix.Length ? prefix[place] : item).Value(values))]));
    }

    private static RandomSchema Object(Random random, int depth)
    {
        (string Name, RandomSchema Schema, bool IsRequired)[] properties =
        [
            .. Enumerable.Range(0, random.Next(5)).Select(i => ($"p{i}{Letters[random.Next(12)]}", Of(random, depth - 1), random.Next(2) == 0)),
        ];
        RandomSchema? others = random.Next(3) == 0 ? Of(random, depth - 1) : null;
        JsonObject schema = Schema(("type", "object"));
        schema["properties"] = new JsonObject(properties.Select(one => KeyValuePair.Create(one.Name, (JsonNode?)one.Schema.Json.DeepClone())));
        schema["required"] = new JsonArray([.. properties.Where(one => one.IsRequired).Select(one => (JsonNode)one.Name)]);
        schema["additionalProperties"] = others?.Json.DeepClone() ?? false;
        return new(schema, values =>
        {
            var value = new JsonObject();
            foreach ((string name, RandomSchema property, bool isRequired) in properties)
            {
                if (isRequired || values.Next(2) == 0)
                    value[name] = property.Value(values);
            }
            for (int i = 0; others is not null && i < values.Next(3); i++)
                value[$"other {i}"] = others.Value(values);
            return value;
        });
    }

    private static RandomSchema Either(Random random, int depth)
    {
        RandomSchema[] ways = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Of(random, depth - 1))];
        return new(
            new JsonObject { ["anyOf"] = new JsonArray([.. ways.Select(one => one.Json.DeepClone())]) },
            values => ways[values.Next(ways.Length)].Value(values));
    }

    private static JsonObject Schema(params (string Name, JsonNode Value)[] keywords) =>
        new(keywords.Select(one => KeyValuePair.Create(one.Name, (JsonNode?)one.Value)));

    private static string Pick(Random random, string letters, int least, int most)
    {
        System.Text.Rune[] runes = [.. letters.EnumerateRunes()];
        return string.Concat(Enumerable.Range(0, random.Next(least, most + 1)).Select(_ => runes[random.Next(runes.Length)]));
    }
}
