namespace LlamaHost.Engine.Sampling;

/// <summary>The random numbers of one sequence: each belongs to the sequence's seed, a position in its new tokens and a purpose.</summary>
/// <param name="Seed">The sequence's seed.</param>
/// <param name="Beam">Which of a search's beams draws; 0 for a sequence on its own.</param>
internal readonly record struct RandomStream(ulong Seed, int Beam = 0)
{
    /// <summary>A number in [0, 1).</summary>
    /// <param name="position">Number of new tokens before the choice.</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="item">Which one, where a purpose needs several.</param>
    public double Uniform(int position, RandomPurpose purpose, int item = 0)
    {
        (uint x0, uint x1, _, _) = Philox.Block(((uint)position, (uint)Beam, (uint)purpose, (uint)item), Seed);
        return ((((ulong)x1 << 32) | x0) >> 11) * (1.0 / (1UL << 53));
    }
}

/// <summary>What a random number is for. The values are part of what makes results reproducible.</summary>
internal enum RandomPurpose
{
    /// <summary>Choosing the token.</summary>
    Draw = 0,

    /// <summary>A warper that acts by chance.</summary>
    Warper = 1,

    /// <summary>Ranking a token as the next of a beam.</summary>
    Beam = 2,

    /// <summary>Choosing the token again, when a grammar forbids the one that was drawn.</summary>
    Redraw = 3,
}
