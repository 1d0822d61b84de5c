using System.Text.RegularExpressions;

namespace LlamaHost.Architecture.Tests.Rules;

/// <summary>The house's rules about sources.</summary>
internal static partial class SourceRules
{
    public static SourceRule UnsafeOnlyInNative { get; } = new(
        "unsafe code and imports only in Native", Unsafe(), file => IsIn(file, "LlamaHost.Native"));

    public static SourceRule NoAsyncVoid { get; } = new("no async void", AsyncVoid(), Nowhere);

    public static SourceRule NoBlocking { get; } = new("no waiting for a task by hand", Blocking(), Nowhere);

    public static SourceRule NoOpenAiBelowServer { get; } = new(
        "no OpenAI name below Server", OpenAi(), file => IsIn(file, "LlamaHost.Server") || IsTemplateVocabulary(file), AlsoInText: true);

    public static SourceRule NoServiceLocator { get; } = new(
        "services are asked for only where they are put together", ServiceLocator(), IsComposition);

    public static SourceRule NoConsole { get; } = new("nothing is written to the console past the log", ConsoleOutput(), IsEntry);

    public static IReadOnlyList<SourceRule> All { get; } =
        [UnsafeOnlyInNative, NoAsyncVoid, NoBlocking, NoOpenAiBelowServer, NoServiceLocator, NoConsole];

    private static bool Nowhere(SourceFile file) => false;

    // A program may say why it does not start when there is no log yet.
    private static bool IsEntry(SourceFile file) => Path.GetFileName(file.Path) == "Program.cs";

    private static bool IsIn(SourceFile file, string project) =>
        file.Path.StartsWith(Path.Combine("src", project) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // transformers' chat templates know a message's calls by such a name, and Mistral's models mark them with it.
    private static bool IsTemplateVocabulary(SourceFile file) =>
        IsIn(file, "LlamaHost.Chat") && Path.GetFileName(file.Path) is "MessageValues.cs" or "ToolCallFormats.cs";

    private static bool IsComposition(SourceFile file) => Composition().IsMatch(file.Code);

    [GeneratedRegex(@"\bunsafe\b|\bLibraryImport\b|\bDllImport\b|\bstackalloc\s+\w+\*")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"\basync\s+void\b")]
    private static partial Regex AsyncVoid();

    [GeneratedRegex(@"\.GetAwaiter\(\)\s*\.GetResult\(\)")]
    private static partial Regex Blocking();

    [GeneratedRegex(
        @"\b(OpenAI|max_tokens|max_completion_tokens|finish_reason|presence_penalty|frequency_penalty|logit_bias|top_logprobs|tool_calls"
        + @"|chat\.completion)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex OpenAi();

    [GeneratedRegex(@"\.Get(Required)?(Keyed)?Services?\b|\bIServiceProvider\b")]
    private static partial Regex ServiceLocator();

    [GeneratedRegex(@"\bIServiceCollection\b|\bWebApplication\b")]
    private static partial Regex Composition();

    [GeneratedRegex(@"\bConsole\.(Write|WriteLine|Error|Out)\b")]
    private static partial Regex ConsoleOutput();
}
