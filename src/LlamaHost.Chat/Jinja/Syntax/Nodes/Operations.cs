using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Syntax.Nodes;

internal sealed class Unary(char sign, Expression operand) : Expression
{
    protected override object? Compute(Scope scope) => Operators.Sign(sign, operand.Evaluate(scope));
}

internal sealed class Binary(string symbol, Expression left, Expression right) : Expression
{
    protected override object? Compute(Scope scope)
    {
        object? first = left.Evaluate(scope);
        return Operators.Apply(scope.Rendering, symbol, first, right.Evaluate(scope));
    }
}

/// <summary><c>and</c> or <c>or</c>: the value of the operand that decides.</summary>
internal sealed class Logical(Expression left, Expression right, bool isOr) : Expression
{
    protected override object? Compute(Scope scope)
    {
        object? value = left.Evaluate(scope);
        return Describe.IsTrue(value) == isOr ? value : right.Evaluate(scope);
    }
}

internal sealed class Not(Expression operand) : Expression
{
    protected override object? Compute(Scope scope) => !Describe.IsTrue(operand.Evaluate(scope));
}

/// <summary>A chain such as <c>a &lt; b &lt; c</c>, which means <c>a &lt; b and b &lt; c</c>.</summary>
internal sealed class Comparison(Expression first, IReadOnlyList<(string Operator, Expression Right)> rest) : Expression
{
    protected override object? Compute(Scope scope)
    {
        object? left = first.Evaluate(scope);
        foreach ((string symbol, Expression operand) in rest)
        {
            object? right = operand.Evaluate(scope);
            if (!Operators.Compare(scope.Rendering, symbol, left, right))
                return false;
            left = right;
        }
        return true;
    }
}

/// <summary>The operator <c>~</c>, which makes texts of its operands.</summary>
internal sealed class Concatenation(IReadOnlyList<Expression> parts) : Expression
{
    protected override object? Compute(Scope scope)
    {
        TextBuilder text = scope.Rendering.NewText();
        foreach (Expression part in parts)
            Describe.AppendStr(scope.Rendering, text, part.Evaluate(scope));
        return text.ToText();
    }
}
