using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>The functions that every template has.</summary>
internal static class Globals
{
    // The sandbox's own bound.
    private const int LongestRange = 100_000;

    public static void AddTo(Scope scope)
    {
        Add("range", Range);
        Add("dict", MakeDict);
        Add("namespace", arguments => new Namespace((Dict)MakeDict(arguments)));
        Add("cycler", MakeCycler);
        Add("joiner", MakeJoiner);
        Add("self", _ => throw new ChatTemplateException("'TemplateReference' object is not callable"));
        Add("raise_exception", arguments =>
            throw new ChatTemplateException(Describe.Str(arguments.Rendering, arguments[0, "message"]).Value));
        Add("strftime_now", arguments =>
            Text.OfTemplate(TimeFormat.Write(arguments.Rendering.Clock.GetLocalNow(), arguments.Text(0, "format").Value)));

        void Add(string name, Func<Arguments, object?> body) => scope.Set(name, new Function(name, body));
    }

    private static Sequence Range(Arguments arguments)
    {
        long start = arguments.Count > 1 ? Bound(arguments, 0) : 0;
        long stop = Bound(arguments, arguments.Count > 1 ? 1 : 0);
        long step = arguments.Count > 2 ? Bound(arguments, 2) : 1;
        if (step == 0)
            throw new ChatTemplateException("range() arg 3 must not be zero");
        double count = Math.Ceiling(((double)stop - start) / step);
        if (count > LongestRange)
            throw new ChatTemplateException($"Range too big. The sandbox blocks ranges larger than MAX_RANGE ({LongestRange}).");
        List<object?> numbers = [];
        for (int i = 0; i < count; i++)
            numbers.Add(start + i * step);
        arguments.Rendering.Budget.Charge(numbers.Count);
        return new Sequence(SequenceKind.Range, numbers);
    }

    private static long Bound(Arguments arguments, int index) => arguments[index, "stop"] switch
    {
        long number => number,
        bool flag => flag ? 1 : 0,
        Undefined missing => throw missing.Fail(),
        var other => throw new ChatTemplateException($"'{Describe.TypeOf(other)}' object cannot be interpreted as an integer"),
    };

    private static object MakeDict(Arguments arguments)
    {
        Dict dict = new();
        if (arguments.Count > 0 && arguments.Positional[0] is Dict first)
        {
            foreach ((object? key, object? value) in first.Entries)
                dict.Set(key, value);
        }
        else if (arguments.Count > 0)
        {
            foreach (object? pair in Iteration.Of(arguments.Positional[0]))
            {
                if (Iteration.Of(pair) is not [var key, var value])
                    throw new ChatTemplateException("dictionary update sequence elements must be pairs");
                dict.Set(key, value);
            }
        }
        foreach ((string name, object? value) in arguments.Named)
            dict.Set(name, value);
        return dict;
    }

    private static Cycler MakeCycler(Arguments arguments) =>
        arguments.Count > 0 ? new Cycler(arguments.Positional) : throw new ChatTemplateException("at least one item has to be provided");

    private static Function MakeJoiner(Arguments arguments)
    {
        object? separator = arguments.Get(0, "sep", Text.OfTemplate(", "));
        bool wasUsed = false;
        return new Function("joiner", _ =>
        {
            object? text = wasUsed ? separator : Text.Empty;
            wasUsed = true;
            return text;
        });
    }
}
