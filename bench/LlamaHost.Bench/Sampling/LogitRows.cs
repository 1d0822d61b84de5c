namespace LlamaHost.Bench.Sampling;

/// <summary>Rows of logits with the shapes that matter for the cost of sampling.</summary>
internal static class LogitRows
{
    /// <summary>
    /// As within a text: a handful of tokens hold nearly all probability, the others are a bell curve far below. Six tokens share 98 %.
    /// </summary>
    public static float[] Peaked(Random random, int vocabulary)
    {
        float[] row = Bell(random, vocabulary, deviation: 2);
        float[] likely = [16, 15, 14.5f, 14, 13.5f, 13];
        foreach (float logit in likely)
            row[random.Next(vocabulary)] = logit;
        return row;
    }

    /// <summary>As where everything may follow: thousands of tokens are needed for any share of the probability.</summary>
    public static float[] Flat(Random random, int vocabulary) => Bell(random, vocabulary, deviation: 1);

    private static float[] Bell(Random random, int vocabulary, double deviation)
    {
        float[] row = new float[vocabulary];
        // Box and Muller's method.
        for (int i = 0; i < row.Length; i++)
            row[i] = (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return row;
    }
}
