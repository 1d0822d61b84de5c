using System.Numerics;

namespace LlamaHost.Engine.Execution.Threads;

/// <summary>
/// Sorts steps by their number of tokens: 1, 2, 3, 4, 5–6, 7–8, 9–12, 13–16 and so on. Steps of one shape are alike enough to compare their time
/// per token, and different enough from those of another to be fastest with another number of threads.
/// </summary>
internal static class StepShape
{
    /// <summary>Shapes that there are.</summary>
    public const int Count = 2 * 32;

    /// <summary>The shape's index, from 0.</summary>
    /// <param name="tokens">At least 1.</param>
    public static int Of(int tokens)
    {
        if (tokens <= 2)
            return tokens - 1;
        int octave = BitOperations.Log2((uint)(tokens - 1));
        int middle = 3 << (octave - 1);
        return (2 * octave) + (tokens <= middle ? 0 : 1);
    }
}
