using System.Collections.Frozen;

namespace LlamaHost.Bench.Serving;

/// <summary>A server that is measured.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Dialect">How it is spoken to.</param>
/// <param name="Address">Its base address, which ends in a slash.</param>
internal sealed record Target(string Name, IDialect Dialect, Uri Address)
{
    private static readonly FrozenDictionary<string, Func<IDialect>> Dialects = new Dictionary<string, Func<IDialect>>
    {
        ["llamahost"] = () => new LlamaHostDialect(),
        ["llama-server"] = () => new LlamaServerDialect(),
        ["openai"] = () => new OpenAiDialect(chat: false),
        ["openai-chat"] = () => new OpenAiDialect(chat: true),
    }.ToFrozenDictionary();

    /// <summary>Reads <c>NAME=DIALECT:URL</c>.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static Target Parse(string text)
    {
        string[] named = text.Split('=', 2);
        string[] parts = named[^1].Split(':', 2);
        if (named.Length != 2 || parts.Length != 2 || !Dialects.TryGetValue(parts[0], out Func<IDialect>? dialect)
            || !Uri.TryCreate(parts[1].TrimEnd('/') + "/", UriKind.Absolute, out Uri? address))
        {
            throw new FormatException($"\"{text}\" is not NAME=DIALECT:URL with a dialect of {string.Join(", ", Dialects.Keys.Order())}.");
        }
        return new Target(named[0], dialect(), address);
    }
}
