namespace LlamaHost.Bench.Load;

/// <summary>
/// Prompts of random tokens: exact in length, equal for all targets, and without a common prefix by chance, so that only what a case shares on
/// purpose can be reused.
/// </summary>
/// <param name="seed">The same seed gives the same prompts.</param>
internal sealed class PromptSource(int seed)
{
    // In every vocabulary of the Llama family these are ordinary tokens: special and byte tokens lie below.
    private const int LowestToken = 300;
    private const int HighestToken = 30_000;

    private readonly Random _random = new(seed);

    /// <summary>Where the lengths of this source's requests come from too.</summary>
    public Random Random => _random;

    public int[] Next(int length)
    {
        int[] tokens = new int[length];
        for (int i = 0; i < length; i++)
            tokens[i] = _random.Next(LowestToken, HighestToken);
        return tokens;
    }
}
