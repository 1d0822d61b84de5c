namespace LlamaHost.Server.Score;

/// <summary>
/// A part of a text that fits into the context. Windows overlap: what was scored before is only looked back at. Each token is scored once.
/// Source: the guide to the perplexity of fixed-length models in Hugging Face's documentation of transformers.
/// </summary>
/// <param name="Begin">Index of its first token.</param>
/// <param name="FirstScored">Index of the first token that it scores.</param>
/// <param name="End">Index behind its last token.</param>
internal readonly record struct Window(int Begin, int FirstScored, int End)
{
    /// <summary>The windows of a text.</summary>
    /// <param name="tokens">Tokens of the text; at least 1.</param>
    /// <param name="context">Most tokens of a window; at least 2.</param>
    /// <param name="stride">How far windows advance: 1 to <paramref name="context"/> − 1, so that every token has at least one before it.</param>
    public static IEnumerable<Window> Over(int tokens, int context, int stride)
    {
        var window = new Window(0, 1, Math.Min(context, tokens));
        yield return window;
        while (window.End < tokens)
        {
            int begin = window.Begin + stride;
            window = new Window(begin, window.End, (int)Math.Min((long)begin + context, tokens));
            yield return window;
        }
    }

    /// <summary>How many windows there are, without making them.</summary>
    public static long Count(int tokens, int context, int stride) =>
        tokens <= context ? 1 : 1 + (((long)tokens - context + stride - 1) / stride);
}
