using System.Globalization;

namespace LlamaHost.Bench.Load;

/// <summary>How long prompts or answers are: one length, a range, or several of these with weights.</summary>
/// <remarks>Written <c>128</c>, <c>16-64</c> (uniform, both ends included) or <c>32-64:0.8,1024:0.2</c>.</remarks>
internal sealed class LengthMix
{
    private readonly List<(int Least, int Most, double Weight)> _parts = [];

    private LengthMix()
    {
    }

    /// <summary>The longest length that can come.</summary>
    public int Longest => _parts.Max(part => part.Most);

    /// <exception cref="FormatException">The text is not a mix of positive lengths.</exception>
    public static LengthMix Parse(string text)
    {
        var mix = new LengthMix();
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] weighted = part.Split(':');
            string[] range = weighted[0].Split('-');
            if (weighted.Length > 2 || range.Length > 2
                || !TryParse(range[0], out int least) || !TryParse(range[^1], out int most) || most < least
                || !double.TryParse(weighted.Length == 2 ? weighted[1] : "1", NumberStyles.Float, CultureInfo.InvariantCulture, out double weight)
                || !(weight > 0 && double.IsFinite(weight)))
            {
                throw new FormatException($"\"{text}\" is not a length such as 128, 16-64 or 32-64:0.8,1024:0.2.");
            }
            mix._parts.Add((least, most, weight));
        }
        return mix;
    }

    /// <summary>One length, drawn.</summary>
    public int Draw(Random random)
    {
        double rest = random.NextDouble() * _parts.Sum(part => part.Weight);
        foreach ((int least, int most, double weight) in _parts)
        {
            rest -= weight;
            if (rest < 0)
                return random.Next(least, most + 1);
        }
        return _parts[^1].Most;
    }

    private static bool TryParse(string text, out int length) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length) && length > 0;
}
