namespace LlamaHost.Chat;

/// <summary>How a model marks what it thinks before it answers.</summary>
/// <param name="Open">Begins thoughts.</param>
/// <param name="Close">Ends them.</param>
public sealed record ReasoningFormat(string Open, string Close)
{
    private static readonly ReasoningFormat[] Known =
    [
        new("<think>", "</think>"),
        new("[THINK]", "[/THINK]"),
        new("<|START_THINKING|>", "<|END_THINKING|>"),
        new("<seed:think>", "</seed:think>"),
        new("<thinking>", "</thinking>"),
        new("<reasoning>", "</reasoning>"),
    ];

    /// <summary>The format whose marks a template contains, or null if it contains none.</summary>
    /// <param name="template">Jinja text.</param>
    public static ReasoningFormat? Of(string template) =>
        Known.FirstOrDefault(format => template.Contains(format.Close, StringComparison.Ordinal));
}
