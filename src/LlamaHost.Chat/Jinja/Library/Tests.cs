using System.Collections.Frozen;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>Jinja's tests: what may follow <c>is</c>. The value comes as the first argument.</summary>
internal static class Tests
{
    private static readonly FrozenDictionary<string, Func<object?, Arguments, bool>> All =
        new Dictionary<string, Func<object?, Arguments, bool>>
        {
            ["defined"] = (value, _) => value is not Undefined,
            ["undefined"] = (value, _) => value is Undefined,
            ["none"] = (value, _) => value is null,
            ["boolean"] = (value, _) => value is bool,
            ["true"] = (value, _) => value is true,
            ["false"] = (value, _) => value is false,
            ["integer"] = (value, _) => value is long,
            ["float"] = (value, _) => value is double,
            ["number"] = (value, _) => value is long or double or bool,
            ["string"] = (value, _) => value is Text,
            ["mapping"] = (value, _) => value is Dict,
            ["iterable"] = (value, _) => Iteration.IsIterable(value),
            ["sequence"] = (value, _) => value is Text or Dict or Sequence { IsIndexed: true } or Undefined,
            ["callable"] = (value, _) => value is Function or Macro or Undefined or LoopContext,
            ["escaped"] = (value, _) => value is Text { IsMarkup: true },
            ["sameas"] = (value, arguments) => AreSame(value, arguments[1, "other"]),
            ["odd"] = (value, _) => Remainder(value, 2L) == 1,
            ["even"] = (value, _) => Remainder(value, 2L) == 0,
            ["divisibleby"] = (value, arguments) => Remainder(value, arguments[1, "num"]) == 0,
            ["upper"] = (value, arguments) => (bool)TextCase.Is(Describe.Str(arguments.Rendering, value).Value, "isupper"),
            ["lower"] = (value, arguments) => (bool)TextCase.Is(Describe.Str(arguments.Rendering, value).Value, "islower"),
            ["filter"] = (value, _) => value is Text name && Filters.Exists(name.Value),
            ["test"] = (value, _) => value is Text name && Exists(name.Value),
            ["in"] = (value, arguments) => Operators.Contains(arguments.Rendering, arguments[1, "seq"], value),
            ["eq"] = Comparing("=="),
            ["equalto"] = Comparing("=="),
            ["=="] = Comparing("=="),
            ["ne"] = Comparing("!="),
            ["!="] = Comparing("!="),
            ["gt"] = Comparing(">"),
            ["greaterthan"] = Comparing(">"),
            [">"] = Comparing(">"),
            ["ge"] = Comparing(">="),
            [">="] = Comparing(">="),
            ["lt"] = Comparing("<"),
            ["lessthan"] = Comparing("<"),
            ["<"] = Comparing("<"),
            ["le"] = Comparing("<="),
            ["<="] = Comparing("<="),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool Exists(string name) => All.ContainsKey(name);

    public static bool Apply(string name, Arguments arguments) =>
        All.TryGetValue(name, out Func<object?, Arguments, bool>? test)
            ? test(arguments[0, "value"], arguments)
            : throw new ChatTemplateException($"No test named {Describe.Quoted(name)}.");

    private static Func<object?, Arguments, bool> Comparing(string symbol) =>
        (value, arguments) => Operators.Compare(arguments.Rendering, symbol, value, arguments[1, "other"]);

    private static bool AreSame(object? value, object? other) => (value, other) switch
    {
        (bool first, bool second) => first == second,
        (long first, long second) => first == second,
        (Text first, Text second) => first.Equals(second),
        _ => ReferenceEquals(value, other),
    };

    private static double Remainder(object? value, object? divisor) => (value, divisor) switch
    {
        (Undefined missing, _) => throw missing.Fail(),
        (bool or long or double, bool or long or double) => Arithmetic.ToDouble(Arithmetic.Apply("%", value, divisor)),
        _ => throw Operators.Unsupported("%", value, divisor),
    };
}
