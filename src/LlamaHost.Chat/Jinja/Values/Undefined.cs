namespace LlamaHost.Chat.Jinja.Values;

/// <summary>What a name or an attribute that is not there evaluates to. It prints as nothing, and most other uses fail.</summary>
/// <param name="message">Says what was missing.</param>
internal sealed class Undefined(string message)
{
    public static Undefined Name(string name) => new($"'{name}' is undefined");

    public static Undefined Member(object? owner, object? name) => new(
        name is Text text
            ? $"'{Describe.OwnerOf(owner)}' has no attribute {Describe.Quoted(text.Value)}"
            : $"{Describe.OwnerOf(owner)} has no element {Describe.ReprString(name)}");

    /// <summary>An attribute that a template must not use.</summary>
    public static Undefined Unsafe(object? owner, string name) =>
        new($"access to attribute '{name}' of '{Describe.TypeOf(owner)}' object is unsafe.");

    public ChatTemplateException Fail() => new(message);
}
