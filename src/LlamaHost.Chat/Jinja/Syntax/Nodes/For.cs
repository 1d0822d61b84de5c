using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Syntax.Nodes;

/// <summary>A loop. Each turn has a scope of its own, so what it sets is gone in the next.</summary>
internal sealed class For(Expression target, Expression items, Expression? test, Block body, Block? otherwise, bool isRecursive) : Statement
{
    protected override Flow Run(Scope scope, TextBuilder output)
    {
        Loop(scope, output, items.Evaluate(scope), depth: 0);
        return Flow.Next;
    }

    private void Loop(Scope scope, TextBuilder output, object? iterable, int depth)
    {
        IReadOnlyList<object?> turns = Filtered(scope, Iteration.Of(iterable));
        Func<object?, Text>? recurse = isRecursive ? inner => Recurse(scope, inner, depth + 1) : null;
        var loop = new LoopContext(turns, depth, recurse);
        // Jinja counts a turn only when its end is reached, so "else" also follows a loop whose every turn was cut short.
        bool isAnyComplete = false;
        for (int i = 0; i < turns.Count; i++)
        {
            loop.Index0 = i;
            var turn = new Scope(scope);
            turn.Set("loop", loop);
            turn.Assign(target, turns[i]);
            Flow flow = body.Execute(turn, output);
            isAnyComplete |= flow == Flow.Next;
            if (flow == Flow.Break)
                break;
        }
        if (!isAnyComplete)
            otherwise?.Execute(new Scope(scope), output);
    }

    private Text Recurse(Scope scope, object? iterable, int depth)
    {
        scope.Rendering.Budget.Enter();
        TextBuilder text = scope.Rendering.NewText();
        Loop(scope, text, iterable, depth);
        scope.Rendering.Budget.Leave();
        return text.ToText();
    }

    private IReadOnlyList<object?> Filtered(Scope scope, IReadOnlyList<object?> all)
    {
        if (test is null)
            return all;
        List<object?> chosen = [];
        foreach (object? item in all)
        {
            var inner = new Scope(scope);
            inner.Assign(target, item);
            if (Describe.IsTrue(test.Evaluate(inner)))
                chosen.Add(item);
        }
        return chosen;
    }
}
