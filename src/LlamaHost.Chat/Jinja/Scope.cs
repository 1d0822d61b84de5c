using LlamaHost.Chat.Jinja.Syntax.Nodes;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja;

/// <summary>Variables, and the scope around them.</summary>
internal sealed class Scope
{
    private readonly Dictionary<string, object?> _variables = new(StringComparer.Ordinal);
    private readonly Scope? _parent;

    public Scope(Rendering rendering) => Rendering = rendering;

    public Scope(Scope parent)
    {
        _parent = parent;
        Rendering = parent.Rendering;
    }

    public Rendering Rendering { get; }

    public void Set(string name, object? value) => _variables[name] = value;

    /// <summary>A variable's value, from here outwards.</summary>
    public object? Resolve(string name)
    {
        for (Scope? scope = this; scope is not null; scope = scope._parent)
        {
            if (scope._variables.TryGetValue(name, out object? value))
                return value;
        }
        return Undefined.Name(name);
    }

    /// <summary>Sets a name, several from a sequence's items, or a namespace's attribute.</summary>
    public void Assign(Expression target, object? value)
    {
        switch (target)
        {
            case Name name:
                Set(name.Identifier, value);
                break;
            case NamespaceTarget attribute:
                attribute.Find(this).Attributes.Set(attribute.Attribute, value);
                break;
            case SequenceLiteral names:
                IReadOnlyList<object?> items = Iteration.Of(value);
                if (items.Count != names.Items.Count)
                {
                    throw new ChatTemplateException(items.Count < names.Items.Count
                        ? $"not enough values to unpack (expected {names.Items.Count}, got {items.Count})"
                        : $"too many values to unpack (expected {names.Items.Count})");
                }
                for (int i = 0; i < items.Count; i++)
                    Assign(names.Items[i], items[i]);
                break;
            default:
                throw new ChatTemplateException("can't assign to this expression");
        }
    }
}
