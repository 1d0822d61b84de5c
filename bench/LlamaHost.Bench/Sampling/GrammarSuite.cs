using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LlamaHost.Bench.Measurement;
using LlamaHost.Grammars;
using LlamaHost.Grammars.Matching;
using Spectre.Console.Cli;

namespace LlamaHost.Bench.Sampling;

/// <summary>What a grammar costs, by vocabulary: to build, to check a token, to find all tokens that may follow. No model is needed.</summary>
internal sealed class GrammarSuite : AsyncCommand<GrammarSuite.Settings>
{
    private static readonly (string Name, string Schema)[] Schemas =
    [
        ("any object", """{"type":"object"}"""),
        ("person", """
            {"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":0,"maximum":150},
             "tags":{"type":"array","items":{"enum":["a","b","c"]}}},"required":["name","age","tags"],"additionalProperties":false}
            """),
        ("string of up to 500", """{"type":"string","maxLength":500}"""),
    ];

    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--vocabulary <N>")]
        [Description("Number of token ids; may be given several times.")]
        [DefaultValue(new[] { 49_152, 128_256 })]
        public int[] Vocabularies { get; init; } = [];

        [CommandOption("--json <PATH>")]
        [Description("Write the results to this file too.")]
        public string? Json { get; init; }
    }

    private sealed record Row(
        string Schema, int Vocabulary, double BuildMs, double CheckUs, double FirstMaskUs, double WorstMaskUs, double KnownMaskUs);

    /// <inheritdoc />
    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var report = new SuiteReport<Row>("grammar", "masks along one random text");
        foreach (int vocabulary in settings.Vocabularies)
        {
            byte[][] words = Words(vocabulary);
            var trie = new TokenTrie(vocabulary, token => words[token]);
            foreach ((string name, string schema) in Schemas)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Measure(name, schema, trie);
                report.Add([Measure(name, schema, trie)]);
            }
        }
        await report.PublishAsync(
            settings.Json,
            [
                ("schema", row => row.Schema), ("vocabulary", row => $"{row.Vocabulary:N0}"), ("build, ms", row => $"{row.BuildMs:F1}"),
                ("check a token, µs", row => $"{row.CheckUs:F2}"), ("new mask, median µs", row => $"{row.FirstMaskUs:F0}"),
                ("new mask, worst µs", row => $"{row.WorstMaskUs:F0}"), ("known mask, µs", row => $"{row.KnownMaskUs:F2}"),
            ]).ConfigureAwait(false);
        return 0;
    }

    private static Row Measure(string name, string schema, TokenTrie trie)
    {
        long start = Stopwatch.GetTimestamp();
        var matcher = new GrammarMatcher(Grammar.FromGbnf(Grammar.FromJsonSchema(JsonDocument.Parse(schema).RootElement).ToGbnf()), trie);
        double build = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var random = new Random(1);
        GrammarState state = matcher.Start;
        List<(GrammarState State, int Token)> path = [];
        List<double> masks = [];
        while (path.Count < 200 && !state.IsComplete)
        {
            start = Stopwatch.GetTimestamp();
            ReadOnlySpan<ulong> mask = matcher.Mask(state).Span;
            masks.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            int token;
            do
                token = random.Next(trie.Vocabulary);
            while (((mask[token / 64] >> (token % 64)) & 1) == 0);
            path.Add((state, token));
            state = matcher.Advance(state, trie.Bytes(token));
        }
        masks.Sort();
        return new Row(
            name, trie.Vocabulary, build, Time(path, one => matcher.Advance(one.State, trie.Bytes(one.Token))), masks[masks.Count / 2], masks[^1],
            Time(path, one => matcher.Mask(one.State)));
    }

    private static double Time<T>(List<(GrammarState State, int Token)> path, Func<(GrammarState State, int Token), T> operation)
    {
        const int Rounds = 200;
        long start = 0;
        // The second half counts.
        for (int round = 0; round < Rounds; round++)
        {
            if (round == Rounds / 2)
                start = Stopwatch.GetTimestamp();
            foreach ((GrammarState State, int Token) one in path)
                operation(one);
        }
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / (Rounds / 2 * path.Count);
    }

    // Every byte, then pieces of two to ten letters, a third of them after a space, some with what JSON is made of.
    private static byte[][] Words(int vocabulary)
    {
        var random = new Random(vocabulary);
        const string Letters = "eeeeeettttaaaooiinnsshhrrddllcumwfgypbvkjxqz";
        string[] marks = ["\"", "\":", "\",", "{\"", "}", "]", "[", "\n  ", "1", "42", "é", "日本"];
        return
        [
            .. Enumerable.Range(0, vocabulary).Select(token => token < 256 ? [(byte)token]
                : token < 256 + 2000 ? Encoding.UTF8.GetBytes(marks[random.Next(marks.Length)] + marks[random.Next(marks.Length)])
                : Encoding.UTF8.GetBytes((random.Next(3) == 0 ? " " : "") + string.Concat(
                    Enumerable.Range(0, random.Next(2, 11)).Select(_ => Letters[random.Next(Letters.Length)])))),
        ];
    }
}
