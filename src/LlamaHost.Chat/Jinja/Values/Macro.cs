using LlamaHost.Chat.Jinja.Syntax.Nodes;

namespace LlamaHost.Chat.Jinja.Values;

/// <summary>A macro's parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Default">What it is when it isn't given.</param>
internal sealed record Parameter(string Name, Expression? Default);

/// <summary>What a macro is, wherever it is defined.</summary>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Body">What it writes.</param>
/// <param name="UsesCaller">It names <c>caller</c>; only then it can be called with a block.</param>
/// <param name="UsesRest">It names <c>varargs</c>; only then it takes more arguments than it has parameters.</param>
/// <param name="UsesNames">It names <c>kwargs</c>; only then it takes arguments of other names.</param>
internal sealed record MacroBody(IReadOnlyList<Parameter> Parameters, Block Body, bool UsesCaller, bool UsesRest, bool UsesNames);

/// <summary>A macro with the scope in which it was defined.</summary>
internal sealed class Macro(string name, MacroBody macro, Scope closure)
{
    public string Name => name;

    public Dict Attributes()
    {
        Dict attributes = new();
        attributes.Set("name", Text.OfTemplate(name));
        attributes.Set("arguments", Sequence.Tuple(macro.Parameters.Select(parameter => Text.OfTemplate(parameter.Name))));
        return attributes;
    }

    public object? Call(Arguments arguments, Macro? caller)
    {
        Budget budget = closure.Rendering.Budget;
        budget.Enter();
        var scope = new Scope(closure);
        Dictionary<string, object?> named = new(arguments.Named, StringComparer.Ordinal);
        if (caller is not null)
            named["caller"] = caller;
        if (macro.UsesCaller)
            scope.Set("caller", named.Remove("caller", out object? given) ? given : new Undefined("No caller defined"));
        Bind(scope, arguments, named);
        Text text = macro.Body.Render(scope);
        budget.Leave();
        return text;
    }

    private void Bind(Scope scope, Arguments arguments, Dictionary<string, object?> named)
    {
        // All names are bound before the first default is computed: a parameter never means an outer variable.
        List<Parameter> pending = [];
        for (int i = 0; i < macro.Parameters.Count; i++)
        {
            Parameter parameter = macro.Parameters[i];
            if (i < arguments.Count)
                scope.Set(parameter.Name, arguments.Positional[i]);
            else if (named.Remove(parameter.Name, out object? value))
                scope.Set(parameter.Name, value);
            else
            {
                scope.Set(parameter.Name, new Undefined($"parameter '{parameter.Name}' was not provided"));
                if (parameter.Default is not null)
                    pending.Add(parameter);
            }
        }
        foreach (Parameter parameter in pending)
            scope.Set(parameter.Name, parameter.Default!.Evaluate(scope));
        BindRest(scope, arguments, named);
    }

    private void BindRest(Scope scope, Arguments arguments, Dictionary<string, object?> named)
    {
        if (!macro.UsesNames && named.Count > 0)
            throw new ChatTemplateException($"macro '{name}' takes no keyword argument '{named.Keys.First()}'");
        if (!macro.UsesRest && arguments.Count > macro.Parameters.Count)
            throw new ChatTemplateException($"macro '{name}' takes not more than {macro.Parameters.Count} argument(s)");
        if (macro.UsesRest)
            scope.Set("varargs", Sequence.Tuple(arguments.Positional.Skip(macro.Parameters.Count)));
        if (!macro.UsesNames)
            return;
        Dict rest = new();
        foreach ((string key, object? value) in named)
            rest.Set(key, value);
        scope.Set("kwargs", rest);
    }
}
