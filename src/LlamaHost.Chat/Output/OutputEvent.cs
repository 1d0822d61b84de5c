namespace LlamaHost.Chat;

/// <summary>Something that a model's output turned out to be.</summary>
public abstract record OutputEvent;

/// <summary>More of the answer's text.</summary>
/// <param name="Text">Not empty.</param>
public sealed record TextDelta(string Text) : OutputEvent;

/// <summary>More of what the model thinks before it answers.</summary>
/// <param name="Text">Not empty.</param>
public sealed record ReasoningDelta(string Text) : OutputEvent;

/// <summary>A tool is called. Its arguments follow.</summary>
/// <param name="Index">Number of the call in this output, from 0.</param>
/// <param name="Name">The tool's name.</param>
public sealed record ToolCallStarted(int Index, string Name) : OutputEvent;

/// <summary>More of a call's arguments.</summary>
/// <param name="Index">Number of the call.</param>
/// <param name="Json">The next piece of the JSON text, not empty.</param>
public sealed record ToolArgumentsDelta(int Index, string Json) : OutputEvent;

/// <summary>A call's arguments have ended.</summary>
/// <param name="Index">Number of the call.</param>
/// <param name="IsComplete">
/// Whether they are whole JSON. If not, the output ended within them, or went on with something else, which follows as text.
/// </param>
public sealed record ToolCallFinished(int Index, bool IsComplete) : OutputEvent;
