using System.Text;
using LlamaHost.Grammars.Matching;

namespace LlamaHost.Grammars.Tests.Harness;

/// <summary>A grammar over texts, without any model: whether it lets a text through, and random texts that it lets through.</summary>
internal sealed class Texts
{
    // What shows JSON's structure and what ends strings comes more often than letters.
    private static readonly byte[] Likely = Encoding.UTF8.GetBytes("\"\"\"\"\"\"}}}]]],,:{[0123456789-.eE+ abcABCtfnz/@_\\\nT");

    private readonly GrammarMatcher _matcher;

    public Texts(Grammar grammar) => _matcher = new GrammarMatcher(grammar, new TokenTrie(0, _ => []));

    public static Texts Gbnf(string grammar) => new(Grammar.FromGbnf(grammar));

    public bool Accepts(string text) => _matcher.Advance(_matcher.Start, Encoding.UTF8.GetBytes(text)).CanEnd;

    /// <summary>Whether a text is the beginning of one that matches.</summary>
    public bool Begins(string text) => !_matcher.Advance(_matcher.Start, Encoding.UTF8.GetBytes(text)).IsDead;

    /// <summary>A random text that matches, or null if none came about within so many bytes.</summary>
    public string? Draw(Random random, int most)
    {
        List<byte> bytes = [];
        GrammarState state = _matcher.Start;
        byte[] all = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        while (bytes.Count < most)
        {
            if (state.IsComplete || (state.CanEnd && random.Next(4) == 0))
                return Encoding.UTF8.GetString([.. bytes]);
            random.Shuffle(all);
            byte[] tried = random.Next(20) == 0 ? all : [.. Enumerable.Range(0, 12).Select(_ => Likely[random.Next(Likely.Length)]), .. all];
            (byte next, GrammarState then) = tried.Select(value => (value, _matcher.Advance(state, [value]))).First(one => !one.Item2.IsDead);
            bytes.Add(next);
            state = then;
        }
        return state.CanEnd ? Encoding.UTF8.GetString([.. bytes]) : null;
    }
}
