using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Syntax.Nodes;

/// <summary>Something that has a value.</summary>
internal abstract class Expression
{
    /// <summary>Counts the step and evaluates.</summary>
    public object? Evaluate(Scope scope)
    {
        scope.Rendering.Budget.Step();
        return Compute(scope);
    }

    protected abstract object? Compute(Scope scope);
}

internal sealed class Literal(object? value) : Expression
{
    protected override object? Compute(Scope scope) => value;
}

internal sealed class Name(string name) : Expression
{
    public string Identifier => name;

    protected override object? Compute(Scope scope) => scope.Resolve(name);
}

/// <summary>Where a <c>set</c> statement writes a namespace's attribute.</summary>
internal sealed class NamespaceTarget(string space, string attribute) : Expression
{
    public string Attribute => attribute;

    public Namespace Find(Scope scope) =>
        scope.Resolve(space) as Namespace ?? throw new ChatTemplateException("cannot assign attribute on non-namespace object");

    protected override object? Compute(Scope scope) => throw new InvalidOperationException("A target has no value.");
}

internal sealed class SequenceLiteral(SequenceKind kind, IReadOnlyList<Expression> items) : Expression
{
    public IReadOnlyList<Expression> Items => items;

    protected override object? Compute(Scope scope) => new Sequence(kind, [.. items.Select(item => item.Evaluate(scope))]);
}

internal sealed class DictLiteral(IReadOnlyList<(Expression Key, Expression Value)> entries) : Expression
{
    protected override object? Compute(Scope scope)
    {
        Dict dict = new();
        foreach ((Expression key, Expression value) in entries)
            dict.Set(key.Evaluate(scope), value.Evaluate(scope));
        return dict;
    }
}

internal sealed class AttributeAccess(Expression owner, string name) : Expression
{
    protected override object? Compute(Scope scope) => Members.GetAttribute(scope.Rendering, owner.Evaluate(scope), name);
}

internal sealed class Subscript(Expression owner, Expression index) : Expression
{
    protected override object? Compute(Scope scope)
    {
        object? value = owner.Evaluate(scope);
        return index is SliceIndex slice
            ? slice.Of(scope, value)
            : Members.GetItem(scope.Rendering, value, index.Evaluate(scope));
    }
}

internal sealed class SliceIndex(Expression? start, Expression? stop, Expression? step) : Expression
{
    public object? Of(Scope scope, object? value) =>
        Slices.Slice(scope.Rendering, value, Bound(scope, start), Bound(scope, stop), Bound(scope, step));

    protected override object? Compute(Scope scope) => throw new ChatTemplateException("a slice can't stand beside other subscripts");

    private static long? Bound(Scope scope, Expression? bound) => bound?.Evaluate(scope) switch
    {
        null => null,
        long number => number,
        bool flag => flag ? 1 : 0,
        Undefined missing => throw missing.Fail(),
        _ => throw new ChatTemplateException("slice indices must be integers or None or have an __index__ method"),
    };
}

internal sealed class Conditional(Expression test, Expression then, Expression? otherwise) : Expression
{
    protected override object? Compute(Scope scope) =>
        Describe.IsTrue(test.Evaluate(scope)) ? then.Evaluate(scope)
        : otherwise is not null ? otherwise.Evaluate(scope)
        : new Undefined("the inline if-expression evaluated to false and no else section was defined.");
}
