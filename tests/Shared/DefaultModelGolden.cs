using System.Text.Json;

namespace LlamaHost.Tests;

/// <summary>
/// What transformers generates with the default model's weights, dequantised. llama.cpp quantises the activations as well, so that its output is
/// compared as the golden data's README says: by the log-probabilities of given tokens, and token by token up to the first near tie. Both with an
/// exact cache: half precision would add what shares the batches to the noise.
/// </summary>
internal static class DefaultModelGolden
{
    /// <summary>Two tokens whose log-probabilities are nearer than this may change places.</summary>
    public const double NearTie = 0.5;

    /// <summary>
    /// In how many of the 30 greedy runs every token is the most likely one, near ties included, at least. Measured are 9 (and
    /// generated freely, 9 runs by the engine and 8 over HTTP are equal to their end), README says about a third. Rounding decides near ties, and
    /// depends on the processor.
    /// </summary>
    public const int FewestEqualRuns = 7;

    /// <summary>Largest difference of a beam's score, which is a mean over its tokens.</summary>
    public const double LargestOfScores = 0.05;

    /// <summary>The greedy continuations.</summary>
    public static GreedyCase[] Greedy()
    {
        using JsonDocument golden = RepositoryFiles.Golden("smollm2");
        return [.. golden.RootElement.GetProperty("greedy").EnumerateArray().Select(one => new GreedyCase(
            one.GetProperty("id").GetString()!, Ints(one.GetProperty("prompt_ids")), Ints(one.GetProperty("sequences")[0]),
            Doubles(one.GetProperty("token_logprobs")), Doubles(one.GetProperty("top2_gap"))))];
    }

    /// <summary>The beam searches.</summary>
    public static BeamCase[] Beams()
    {
        using JsonDocument golden = RepositoryFiles.Golden("smollm2");
        return [.. golden.RootElement.GetProperty("beam").EnumerateArray().Select(one => new BeamCase(
            one.GetProperty("id").GetString()!, one.GetProperty("generation_config").Clone(), Ints(one.GetProperty("prompt_ids")),
            [.. one.GetProperty("sequences").EnumerateArray().Select(Ints)], Doubles(one.GetProperty("sequences_scores"))))];
    }

    private static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(one => one.GetInt32())];

    private static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(one => one.GetDouble())];

    /// <summary>A greedy continuation.</summary>
    /// <param name="Id">The case's name.</param>
    /// <param name="Prompt">Tokens of the prompt.</param>
    /// <param name="Row">The prompt and its continuation.</param>
    /// <param name="LogProbs">Log-probabilities of the continuation's tokens.</param>
    /// <param name="Gaps">How much likelier each of them is than the second.</param>
    public sealed record GreedyCase(string Id, int[] Prompt, int[] Row, double[] LogProbs, double[] Gaps)
    {
        /// <summary>The continuation.</summary>
        public int[] Tokens => Row[Prompt.Length..];

        /// <summary>The continuation before the first near tie: what must be generated as it is.</summary>
        public int[] CertainTokens => [.. Tokens.Zip(Gaps).TakeWhile(one => one.Second >= NearTie).Select(one => one.First)];
    }

    /// <summary>A beam search with four beams.</summary>
    /// <param name="Id">The case's name.</param>
    /// <param name="Config">The arguments given to <c>generate()</c>.</param>
    /// <param name="Prompt">Tokens of the prompt.</param>
    /// <param name="Rows">The prompt and the continuation of each returned beam.</param>
    /// <param name="Scores">The beams' scores.</param>
    public sealed record BeamCase(string Id, JsonElement Config, int[] Prompt, int[][] Rows, double[] Scores)
    {
        /// <summary>The continuations.</summary>
        public int[][] Sequences => [.. Rows.Select(row => row[Prompt.Length..])];
    }
}
