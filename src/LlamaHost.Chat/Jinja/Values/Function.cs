namespace LlamaHost.Chat.Jinja.Values;

/// <summary>Something a template can call.</summary>
internal sealed class Function(string name, Func<Arguments, object?> body)
{
    public string Name => name;

    public object? Call(Arguments arguments) => body(arguments);
}

/// <summary>What <c>namespace()</c> makes: variables that keep what loops assign to them.</summary>
internal sealed class Namespace(Dict attributes)
{
    public Dict Attributes => attributes;
}
