using LlamaHost.Chat.Output;

namespace LlamaHost.Chat;

/// <summary>How a model's calls look around their arguments, so that a grammar can demand them.</summary>
/// <param name="Open">Stands before the first call.</param>
/// <param name="Prefix">Stands before each call's arguments and contains the tool's name; the arguments are a JSON object.</param>
/// <param name="Suffix">Stands after each call's arguments.</param>
/// <param name="Separator">Stands between two calls.</param>
/// <param name="Close">Stands after the last call.</param>
public sealed record ToolCallFrame(string Open, string Prefix, string Suffix, string Separator, string Close);

/// <summary>The form in which a family of models writes tool calls.</summary>
public sealed partial record ToolCallFormat
{
    private ToolCallFormat(string name) => Name = name;

    internal enum CallShape
    {
        /// <summary>A JSON object with the name and the arguments in it, or an array of such.</summary>
        Object,

        /// <summary>The name, something that ends it, and the arguments as a JSON object.</summary>
        Header,

        /// <summary>Calls as in Python, in square brackets.</summary>
        Pythonic,

        /// <summary>The name, and an element for each parameter; or a JSON object with the name and the arguments in it.</summary>
        Elements,
    }

    /// <summary>Name of the format, for the log.</summary>
    public string Name { get; }

    internal CallShape Shape { get; private init; }

    /// <summary>What begins a call, wherever it stands.</summary>
    public IReadOnlyList<string> Openers { get; private init; } = [];

    /// <summary>Whether output may begin with a call without anything before it.</summary>
    internal bool BeginsBare { get; private init; }

    /// <summary>Characters of which one begins an output that begins with a call without anything before it; empty if none does, or a name.</summary>
    public string BareBeginnings => (BeginsBare, Shape) switch
    {
        (true, CallShape.Object) => "{",
        (true, CallShape.Pythonic) => "{[",
        _ => "",
    };

    /// <summary>What stands before a text where calls begin with a bare name; null if texts stand by themselves.</summary>
    public string? TextHeader => TextName is null ? null : TextName + HeaderEnd;

    /// <summary>What may stand after a call, or between calls, and means nothing.</summary>
    internal IReadOnlyList<string> Closers { get; private init; } = [];

    /// <summary>How elements are marked, in that shape.</summary>
    internal ElementMarks? Elements { get; private init; }

    /// <summary>What ends the name in a header.</summary>
    internal string HeaderEnd { get; private init; } = "";

    /// <summary>What stands before the name in a header, if it is there.</summary>
    internal string HeaderStart { get; private init; } = "";

    /// <summary>What may follow the name in a header, such as a call's id.</summary>
    internal string HeaderRest { get; private init; } = "";

    /// <summary>A name in a header that means plain text follows.</summary>
    internal string? TextName { get; private init; }

    private Func<string, ToolCallFrame> FrameOf { get; init; } = _ => throw new InvalidOperationException("The format has no frame.");

    /// <summary>What a grammar needs to demand a call.</summary>
    /// <param name="tool">The tool's name; it is put into JSON strings as it is, so it must need no escapes.</param>
    public ToolCallFrame Frame(string tool) => FrameOf(tool);

    /// <summary>Whether a token belongs to what marks calls, and must not be taken out of the output before it is read.</summary>
    /// <param name="token">The token's text.</param>
    public bool IsMark(string token) => ((string[])[.. Openers, .. Closers, HeaderStart, HeaderEnd, HeaderRest, .. Elements?.All ?? []])
        .Any(mark => mark.Contains(token, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override string ToString() => Name;
}
