namespace LlamaHost.Bench.Load;

/// <summary>
/// Prompts of random tokens: exact in length, equal for all targets, and without a common prefix by chance, so that only what a case shares on
/// purpose can be reused.
/// </summary>
/// <param name="seeds">The same ones give the same prompts: the run's seed, the turn, and what tells cases apart.</param>
internal sealed class PromptSource(params ReadOnlySpan<int> seeds)
{
    // In every vocabulary of the Llama family these are ordinary tokens: special and byte tokens lie below.
    private const int LowestToken = 300;
    private const int HighestToken = 30_000;

    private readonly Random _random = new(Combine(seeds));

    /// <summary>Where the lengths of this source's requests come from too.</summary>
    public Random Random => _random;

    public int[] Next(int length)
    {
        int[] tokens = new int[length];
        for (int i = 0; i < length; i++)
            tokens[i] = _random.Next(LowestToken, HighestToken);
        return tokens;
    }

    // System.HashCode would differ from process to process.
    private static int Combine(ReadOnlySpan<int> seeds)
    {
        int combined = 0;
        foreach (int seed in seeds)
            combined = unchecked((combined * 397) + seed);
        return combined;
    }
}
