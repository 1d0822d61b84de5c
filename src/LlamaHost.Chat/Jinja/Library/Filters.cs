using System.Collections.Frozen;
using LlamaHost.Chat.Jinja.Values;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>Jinja's filters by name. The filtered value comes as the first argument.</summary>
internal static class Filters
{
    private static readonly FrozenDictionary<string, Func<Arguments, object?>> All = new Dictionary<string, Func<Arguments, object?>>
    {
        ["abs"] = NumberFilters.Abs,
        ["attr"] = arguments => Members.GetAttribute(arguments.Rendering, arguments[0, "obj"], arguments.Text(1, "name").Value),
        ["batch"] = GroupFilters.Batch,
        ["capitalize"] = arguments => Cased(arguments, "capitalize"),
        ["center"] = TextFilters.Center,
        ["count"] = arguments => Iteration.Length(arguments[0, "obj"]),
        ["d"] = Default,
        ["default"] = Default,
        ["dictsort"] = SortFilters.DictSort,
        ["e"] = Escape,
        ["escape"] = Escape,
        ["forceescape"] = Escape,
        ["filesizeformat"] = NumberFilters.FileSize,
        ["first"] = arguments => SelectFilters.End(arguments, isLast: false),
        ["float"] = NumberFilters.Float,
        ["format"] = TextFilters.Format,
        ["groupby"] = GroupFilters.GroupBy,
        ["indent"] = TextFilters.Indent,
        ["int"] = NumberFilters.Int,
        ["items"] = SelectFilters.Items,
        ["join"] = TextFilters.Join,
        ["last"] = arguments => SelectFilters.End(arguments, isLast: true),
        ["length"] = arguments => Iteration.Length(arguments[0, "obj"]),
        ["list"] = arguments => Sequence.List(Iteration.Of(arguments[0, "value"])),
        ["lower"] = arguments => Cased(arguments, "lower"),
        ["map"] = SelectFilters.Map,
        ["max"] = arguments => SortFilters.Extreme(arguments, wantsLargest: true),
        ["min"] = arguments => SortFilters.Extreme(arguments, wantsLargest: false),
        ["pprint"] = arguments => TextFilters.PrettyPrint(arguments),
        ["reject"] = arguments => SelectFilters.Select(arguments, wanted: false, byAttribute: false),
        ["rejectattr"] = arguments => SelectFilters.Select(arguments, wanted: false, byAttribute: true),
        ["replace"] = TextFilters.Replace,
        ["reverse"] = SelectFilters.Reverse,
        ["round"] = NumberFilters.Round,
        ["safe"] = arguments => Describe.Str(arguments.Rendering, arguments[0, "value"]).AsMarkup(),
        ["select"] = arguments => SelectFilters.Select(arguments, wanted: true, byAttribute: false),
        ["selectattr"] = arguments => SelectFilters.Select(arguments, wanted: true, byAttribute: true),
        ["slice"] = GroupFilters.Slice,
        ["sort"] = SortFilters.Sort,
        ["string"] = arguments => Describe.Str(arguments.Rendering, arguments[0, "object"]),
        ["striptags"] = TextFilters.StripTags,
        ["sum"] = NumberFilters.Sum,
        ["title"] = TextFilters.Title,
        ["tojson"] = JsonWriter.ToJson,
        ["trim"] = arguments => TextParts.Strip(
            arguments.Rendering, Describe.Str(arguments.Rendering, arguments[0, "value"]), arguments.Get(1, "chars"), true, true),
        ["truncate"] = TextFilters.Truncate,
        ["unique"] = SortFilters.Unique,
        ["upper"] = arguments => Cased(arguments, "upper"),
        ["urlencode"] = TextFilters.UrlEncode,
        ["wordcount"] = TextFilters.WordCount,
        ["wordwrap"] = TextFilters.WordWrap,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool Exists(string name) => All.ContainsKey(name);

    public static object? Apply(string name, Arguments arguments) =>
        All.TryGetValue(name, out Func<Arguments, object?>? filter)
            ? filter(arguments)
            : throw new ChatTemplateException($"No filter named {Describe.Quoted(name)}.");

    private static Text Escape(Arguments arguments) => Markup.Escape(arguments.Rendering, Describe.Str(arguments.Rendering, arguments[0, "s"]));

    private static Text Cased(Arguments arguments, string change) =>
        TextCase.Change(arguments.Rendering, Describe.Str(arguments.Rendering, arguments[0, "s"]), change);

    private static object? Default(Arguments arguments)
    {
        object? value = arguments[0, "value"];
        return value is Undefined || arguments.IsSet(2, "boolean") && !Describe.IsTrue(value)
            ? arguments.Get(1, "default_value", Text.Empty)
            : value;
    }
}
