using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LlamaHost.Engine.Requests;

/// <summary>
/// How many of a model's layers are to be on GPUs. The output counts as a layer, as in llama.cpp: a model of 16 blocks has 17. The last ones go
/// first.
/// </summary>
public readonly record struct GpuLayers
{
    private const string AutoName = "auto";
    private const string AllName = "all";

    private readonly Kind _kind;
    private readonly int _count;

    private GpuLayers(Kind kind, int count = 0) => (_kind, _count) = (kind, count);

    private enum Kind
    {
        Auto,
        All,
        Exactly,
    }

    /// <summary>As many as the GPUs have room for; none where there is no GPU.</summary>
    public static GpuLayers Auto { get; }

    /// <summary>All.</summary>
    public static GpuLayers All { get; } = new(Kind.All);

    /// <summary>No GPU is used at all.</summary>
    public static GpuLayers None { get; } = Exactly(0);

    /// <summary>Whether the number is left to the planner.</summary>
    public bool IsAuto => _kind == Kind.Auto;

    /// <summary>Whether no GPU is to be used.</summary>
    public bool IsNone => _kind == Kind.Exactly && _count == 0;

    /// <summary>That many.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static GpuLayers Exactly(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return new GpuLayers(Kind.Exactly, count);
    }

    /// <summary>The number for a model of that many layers, its output included; <see langword="null"/> for <see cref="Auto"/>.</summary>
    public int? CountOf(int layers) => _kind switch
    {
        Kind.Auto => null,
        Kind.All => layers,
        _ => Math.Min(_count, layers),
    };

    /// <summary>Reads <c>auto</c>, <c>all</c> or a number, as <see cref="ToString"/> writes it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out GpuLayers layers)
    {
        layers = default;
        if (string.Equals(text, AutoName, StringComparison.OrdinalIgnoreCase))
            return true;
        if (string.Equals(text, AllName, StringComparison.OrdinalIgnoreCase))
        {
            layers = All;
            return true;
        }
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            return false;
        layers = Exactly(count);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => _kind switch
    {
        Kind.Auto => AutoName,
        Kind.All => AllName,
        _ => _count.ToString(CultureInfo.InvariantCulture),
    };
}
