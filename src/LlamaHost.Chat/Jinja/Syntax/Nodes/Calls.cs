using LlamaHost.Chat.Jinja.Library;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Syntax.Nodes;

/// <summary>The arguments as a call writes them.</summary>
internal sealed class CallArguments(
    IReadOnlyList<Expression> positional, IReadOnlyList<(string Name, Expression Value)> named, Expression? star, Expression? doubleStar)
{
    public static CallArguments None { get; } = new([], [], null, null);

    /// <summary>Their values, after those that the caller puts first.</summary>
    public Arguments Evaluate(Scope scope, params ReadOnlySpan<object?> before)
    {
        List<object?> values = [.. before];
        foreach (Expression argument in positional)
            values.Add(argument.Evaluate(scope));
        if (star is not null)
            values.AddRange(Iteration.Of(star.Evaluate(scope)));
        if (named.Count == 0 && doubleStar is null)
            return new Arguments(scope.Rendering, values, Arguments.NoNames);
        Dictionary<string, object?> names = new(StringComparer.Ordinal);
        foreach ((string name, Expression value) in named)
            names[name] = value.Evaluate(scope);
        if (doubleStar is not null)
            AddAll(names, doubleStar.Evaluate(scope));
        return new Arguments(scope.Rendering, values, names);
    }

    private static void AddAll(Dictionary<string, object?> names, object? mapping)
    {
        if (mapping is not Dict dict)
            throw new ChatTemplateException($"argument after ** must be a mapping, not {Describe.TypeOf(mapping)}");
        foreach ((object? key, object? value) in dict.Entries)
            names[key?.ToString() ?? throw new ChatTemplateException("keywords must be strings")] = value;
    }
}

internal sealed class Call(Expression callee, CallArguments arguments) : Expression
{
    /// <summary>Calls with a block's body as <c>caller</c>.</summary>
    public object? EvaluateWith(Scope scope, Macro caller) => Invoke(callee.Evaluate(scope), arguments.Evaluate(scope), caller);

    protected override object? Compute(Scope scope) => Invoke(callee.Evaluate(scope), arguments.Evaluate(scope), null);

    /// <summary>Calls whatever can be called.</summary>
    public static object? Invoke(object? callee, Arguments arguments, Macro? caller) => callee switch
    {
        Macro macro => macro.Call(arguments, caller),
        Function function => function.Call(arguments),
        LoopContext loop => loop.Recurse(arguments),
        Undefined missing => throw missing.Fail(),
        _ => throw new ChatTemplateException($"'{Describe.TypeOf(callee)}' object is not callable"),
    };
}

internal sealed class Filter(Expression? value, string name, CallArguments arguments) : Expression
{
    /// <summary>Filters a block's text, which stands where the innermost filter has no value.</summary>
    public object? Apply(Scope scope, object? text) =>
        Filters.Apply(name, arguments.Evaluate(scope, value is Filter inner ? inner.Apply(scope, text) : text));

    protected override object? Compute(Scope scope) => Filters.Apply(name, arguments.Evaluate(scope, value!.Evaluate(scope)));
}

internal sealed class Test(Expression value, string name, CallArguments arguments) : Expression
{
    protected override object? Compute(Scope scope) => Tests.Apply(name, arguments.Evaluate(scope, value.Evaluate(scope)));
}
