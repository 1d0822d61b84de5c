using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Syntax.Nodes;

/// <summary>Where execution goes on after a statement.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}

/// <summary>Something that is done.</summary>
internal abstract class Statement
{
    /// <summary>Counts the step and executes.</summary>
    public Flow Execute(Scope scope, TextBuilder output)
    {
        scope.Rendering.Budget.Step();
        return Run(scope, output);
    }

    protected abstract Flow Run(Scope scope, TextBuilder output);
}

internal sealed class Block(IReadOnlyList<Statement> body) : Statement
{
    protected override Flow Run(Scope scope, TextBuilder output)
    {
        foreach (Statement statement in body)
        {
            Flow flow = statement.Execute(scope, output);
            if (flow != Flow.Next)
                return flow;
        }
        return Flow.Next;
    }

    /// <summary>What the statements write.</summary>
    public Text Render(Scope scope)
    {
        TextBuilder text = scope.Rendering.NewText();
        Execute(scope, text);
        return text.ToText();
    }
}

internal sealed class Print(Expression value) : Statement
{
    protected override Flow Run(Scope scope, TextBuilder output)
    {
        Describe.AppendStr(scope.Rendering, output, value.Evaluate(scope));
        return Flow.Next;
    }
}

/// <summary>An expression that is evaluated for its effect.</summary>
internal sealed class Ignored(Expression value) : Statement
{
    protected override Flow Run(Scope scope, TextBuilder output)
    {
        value.Evaluate(scope);
        return Flow.Next;
    }
}

/// <summary><c>break</c> or <c>continue</c>.</summary>
internal sealed class Jump(Flow flow) : Statement
{
    protected override Flow Run(Scope scope, TextBuilder output) => flow;
}

internal sealed class If(Expression test, Block then, Statement? otherwise) : Statement
{
    protected override Flow Run(Scope scope, TextBuilder output) =>
        Describe.IsTrue(test.Evaluate(scope)) ? then.Execute(scope, output)
        : otherwise?.Execute(scope, output) ?? Flow.Next;
}

internal sealed class Set(Expression target, Expression value) : Statement
{
    protected override Flow Run(Scope scope, TextBuilder output)
    {
        scope.Assign(target, value.Evaluate(scope));
        return Flow.Next;
    }
}

internal sealed class SetBlock(Expression target, Expression? filter, Block body) : Statement
{
    protected override Flow Run(Scope scope, TextBuilder output)
    {
        Text text = body.Render(new Scope(scope));
        scope.Assign(target, filter is Filter one ? one.Apply(scope, text) : text);
        return Flow.Next;
    }
}

internal sealed class FilterBlock(Expression filter, Block body) : Statement
{
    protected override Flow Run(Scope scope, TextBuilder output)
    {
        Describe.AppendStr(scope.Rendering, output, ((Filter)filter).Apply(scope, body.Render(new Scope(scope))));
        return Flow.Next;
    }
}

internal sealed class With(IReadOnlyList<(Expression Target, Expression Value)> variables, Block body) : Statement
{
    protected override Flow Run(Scope scope, TextBuilder output)
    {
        var inner = new Scope(scope);
        foreach ((Expression target, Expression value) in variables)
            inner.Assign(target, value.Evaluate(scope));
        return body.Execute(inner, output);
    }
}

internal sealed class MacroDefinition(string name, MacroBody body) : Statement
{
    protected override Flow Run(Scope scope, TextBuilder output)
    {
        scope.Set(name, new Macro(name, body, scope));
        return Flow.Next;
    }
}

internal sealed class CallBlock(Call call, MacroBody body) : Statement
{
    protected override Flow Run(Scope scope, TextBuilder output)
    {
        var caller = new Macro("caller", body, scope);
        Describe.AppendStr(scope.Rendering, output, call.EvaluateWith(scope, caller));
        return Flow.Next;
    }
}
