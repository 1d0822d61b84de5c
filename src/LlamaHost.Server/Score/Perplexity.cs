namespace LlamaHost.Server.Score;

/// <summary>The exponential of a mean negative log-likelihood.</summary>
internal static class Perplexity
{
    /// <summary><see langword="null"/> where there is no mean, or its exponential is no number that JSON knows.</summary>
    public static double? Of(double? meanNll) => meanNll is { } mean && double.IsFinite(Math.Exp(mean)) ? Math.Exp(mean) : null;
}
