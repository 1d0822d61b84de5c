using System.Text;
using System.Text.Json;
using CsCheck;

namespace LlamaHost.Chat.Tests;

public sealed class OutputParserTests
{
    private static readonly Dictionary<string, ToolDefinition> Tools = new()
    {
        ["f"] = new ToolDefinition("f", null, JsonElement.Parse(
            """
            {"type": "object", "properties": {
              "text": {"type": "string"}, "n": {"type": "integer"}, "flag": {"type": ["boolean", "null"]}, "list": {"type": "array"},
              "either": {"anyOf": [{"type": "number"}, {"type": "string"}]}, "name": {"enum": ["1", "two"]}, "any": {}}}
            """)),
        ["get_weather"] = new ToolDefinition("get_weather", null, default),
    };

    private static readonly ToolCallFormat[] Formats =
    [
        ToolCallFormat.Hermes, ToolCallFormat.LlamaJson, ToolCallFormat.Pythonic, ToolCallFormat.Mistral, ToolCallFormat.MistralArgs,
        ToolCallFormat.Functionary, ToolCallFormat.FunctionTag, ToolCallFormat.DeepSeek, ToolCallFormat.DeepSeekBare, ToolCallFormat.Granite,
        ToolCallFormat.Command, ToolCallFormat.Kimi, ToolCallFormat.FunctionElements, ToolCallFormat.KeyValueElements,
        ToolCallFormat.InvokeElements, ToolCallFormat.Nemotron, ToolCallFormat.Several,
    ];

    private static readonly Gen<string> Output = Gen.OneOf(
    [
        "<tool_call>", "</tool_call>", "{\"name\": \"f\", \"arguments\": {\"a\": [1, \"}\"]}}", "{\"name\": \"f\", \"arguments\": {}}",
        "[TOOL_CALLS]",
        "[ARGS]", "[", "]", ", ", "{", "}", "f", "get_weather", ">>>", "all", "\n", " ", "<function=", ">", "</function>", "f(a=1)",
        "[f(a='x'), get_weather()]", "<｜tool▁call▁begin｜>", "function<｜tool▁sep｜>", "<｜tool▁sep｜>", "\n```json\n", "```", "<｜tool▁call▁end｜>",
        "<|tool_call|>", "<|START_ACTION|>", "<|python_tag|>", "text", "<", "\"", "\\", "<think>", "</think>", "{\"a\": 1}",
        "{\"tool_name\": \"f\", \"parameters\": {}}", ";", "é\ud83d\ude42", "<function=f>", "<parameter=text>", "<parameter=n>", "</parameter>",
        "<invoke name=\"f\">", "<parameter name=\"any\">", "</invoke>", "<minimax:tool_call>", "</minimax:tool_call>", "<arg_key>", "</arg_key>",
        "<arg_value>", "</arg_value>", "5", "<|tool_call_begin|>", "<|tool_call_argument_begin|>", "<|tool_call_end|>", "<TOOLCALL>", "</TOOLCALL>",
        "<tool_calls>", "</tool_calls>",
    ]).List[0, 12].Select(string.Concat);

    [Fact]
    public void In_which_pieces_the_output_comes_changes_nothing() =>
        Gen.Select(Gen.OneOf(Formats), Output, Gen.Int[1, 7], Gen.Bool, Gen.Bool).Sample((format, output, size, hasTools, isWithin) =>
        {
            string[] pieces = [.. output.Chunk(size).Select(piece => new string(piece))];

            Assert.Equal(Told(format, hasTools, isWithin, [output]), Told(format, hasTools, isWithin, pieces));
        });

    [Fact]
    public void Calls_are_whole_and_their_complete_arguments_are_JSON() =>
        Gen.Select(Gen.OneOf(Formats), Output, Gen.Bool).Sample((format, output, hasTools) =>
        {
            List<OutputEvent> events = Events(format, hasTools, false, [output]);

            int open = -1;
            Dictionary<int, string> arguments = [];
            foreach (OutputEvent one in events)
            {
                switch (one)
                {
                    case ToolCallStarted started:
                        Assert.Equal((-1, arguments.Count), (open, started.Index));
                        open = started.Index;
                        arguments[open] = "";
                        break;
                    case ToolArgumentsDelta delta:
                        Assert.Equal(open, delta.Index);
                        arguments[open] += delta.Json;
                        break;
                    case ToolCallFinished finished:
                        Assert.Equal(open, finished.Index);
                        Assert.True(!finished.IsComplete || IsObject(arguments[open]), arguments[open]);
                        open = -1;
                        break;
                    default:
                        Assert.Equal(-1, open);
                        break;
                }
            }
            Assert.Equal(-1, open);
        });

    [Fact]
    public void Text_without_calls_and_thoughts_comes_out_as_it_is() =>
        Gen.Select(Gen.OneOf(Formats), Output).Sample((format, output) =>
        {
            List<OutputEvent> events = Events(format, false, false, [output], new());
            if (events.TrueForAll(one => one is TextDelta))
                Assert.Equal(WithoutTextHeaders(format, output), string.Concat(events.Cast<TextDelta>().Select(one => one.Text)));
        });

    [Fact]
    public void A_call_in_a_format_s_own_frame_is_that_call()
    {
        Assert.All(Formats, format =>
        {
            ToolCallFrame frame = format.Frame("get_weather");
            string call = frame.Prefix + "{\"city\": \"K}öln\", \"n\": [1, 2.5e3, null]}" + frame.Suffix;
            string output = frame.Open + call + frame.Separator + call + frame.Close;

            Assert.Equal(
                """
                call 0 get_weather {"city": "K}öln", "n": [1, 2.5e3, null]} done
                call 1 get_weather {"city": "K}öln", "n": [1, 2.5e3, null]} done
                """.ReplaceLineEndings("\n"), Told(format, true, false, [output]));
        });
    }

    [Theory]
    [InlineData(
        "hermes",
        "Let me look.\n<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>",
        "text Let me look.\\n\ncall 0 f {\"a\": 1} done")]
    [InlineData("hermes", "<tool_call>{\"arguments\": {\"a\": 1}, \"name\": \"f\"}</tool_call>", "call 0 f {\"a\": 1} done")]
    [InlineData("hermes", "<tool_call>{\"name\": \"f\", \"arguments\": \"{\\\"a\\\": 1}\"}</tool_call>", "call 0 f {\"a\": 1} done")]
    [InlineData("hermes", "<tool_call>{\"name\": \"f\"}</tool_call>", "call 0 f {} done")]
    [InlineData("hermes", "<tool_call>{\"name\": \"unknown\", \"arguments\": {}}", "text <tool_call>{\"name\": \"unknown\", \"arguments\": {}}")]
    [InlineData("hermes", "<tool_call>f(1)</tool_call>", "text <tool_call>f(1)</tool_call>")]
    [InlineData("hermes", "<tool_call>{\"name\": \"f\", \"argu", "text <tool_call>{\"name\": \"f\", \"argu")]
    [InlineData("hermes", "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\": 1", "call 0 f {\"a\": 1 cut")]
    [InlineData("hermes", "<tool_call>{\"name\": \"f\", \"arguments\": {\"a\" 1}}", "call 0 f {\"a\"  cut\ntext 1}}")]
    [InlineData("hermes", "a <tool", "text a <tool")]
    [InlineData("hermes", "<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>\nDone.", "call 0 f {} done\ntext Done.")]
    [InlineData("llama-json", "{\"name\": \"f\", \"parameters\": {\"a\": 1}}", "call 0 f {\"a\": 1} done")]
    [InlineData(
        "llama-json",
        "<|python_tag|>{\"name\": \"f\", \"parameters\": {}}; {\"name\": \"f\", \"parameters\": {}}",
        "call 0 f {} done\ncall 1 f {} done")]
    [InlineData("llama-json", "{\"name\": \"Bob\", \"age\": 5}", "text {\"name\": \"Bob\", \"age\": 5}")]
    [InlineData("llama-json", "See {\"name\": \"f\", \"parameters\": {}}", "text See {\"name\": \"f\", \"parameters\": {}}")]
    [InlineData(
        "pythonic",
        "[f(a=1, b='x', c=[True, None], d={'k': -1.5}), get_weather()]",
        "call 0 f {\"a\": 1, \"b\": \"x\", \"c\": [true, null], \"d\": {\"k\": -1.5}} done\ncall 1 get_weather {} done")]
    [InlineData("pythonic", "[1, 2] are numbers", "text [1, 2] are numbers")]
    [InlineData("pythonic", "<|tool_call_start|>[f(a=\"]\")]<|tool_call_end|>Wait.", "call 0 f {\"a\": \"]\"} done\ntext Wait.")]
    [InlineData(
        "mistral",
        "[TOOL_CALLS] [{\"name\": \"f\", \"arguments\": {}, \"id\": \"abc\"}, {\"name\": \"f\", \"arguments\": {}}]",
        "call 0 f {} done\ncall 1 f {} done")]
    [InlineData("mistral-args", "[TOOL_CALLS]f[CALL_ID]abc[ARGS]{\"a\": 1}[TOOL_CALLS]f[ARGS]{}", "call 0 f {\"a\": 1} done\ncall 1 f {} done")]
    [InlineData("functionary", "all\nHello\n>>>f\n{\"a\": 1}", "text Hello\\n\ncall 0 f {\"a\": 1} done")]
    [InlineData("functionary", "f\n{}>>>get_weather\n{}", "call 0 f {} done\ncall 1 get_weather {} done")]
    [InlineData("function-tag", "<function=f>{\"a\": 1}</function><function=f>{}</function>", "call 0 f {\"a\": 1} done\ncall 1 f {} done")]
    [InlineData(
        "deepseek",
        "Hm.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{\"a\": 1}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>",
        "text Hm.\ncall 0 f {\"a\": 1} done")]
    [InlineData(
        "kimi",
        "Hm.<|tool_calls_section_begin|><|tool_call_begin|>functions.f:0<|tool_call_argument_begin|>{\"a\": 1}<|tool_call_end|>"
            + "<|tool_call_begin|>functions.f:1<|tool_call_argument_begin|>{}<|tool_call_end|><|tool_calls_section_end|>",
        "text Hm.\ncall 0 f {\"a\": 1} done\ncall 1 f {} done")]
    [InlineData("nemotron", "<TOOLCALL>[{\"name\": \"f\", \"arguments\": {}}]</TOOLCALL>", "call 0 f {} done")]
    [InlineData(
        "several",
        "<tool_calls>\n{\"name\": \"f\", \"arguments\": {}}\n{\"name\": \"f\", \"arguments\": {\"n\": 1}}\n</tool_calls> {\"a\": 1}",
        "call 0 f {} done\ncall 1 f {\"n\": 1} done\ntext {\"a\": 1}")]
    [InlineData("granite", "<|tool_call|>[{\"name\": \"f\", \"arguments\": {}}]", "call 0 f {} done")]
    [InlineData(
        "command",
        "<|START_ACTION|>[\n {\"tool_call_id\": \"0\", \"tool_name\": \"f\", \"parameters\": {}}\n]<|END_ACTION|>",
        "call 0 f {} done")]
    [InlineData(
        "function-elements",
        "Well.\n<tool_call>\n<function=f>\n<parameter=text>\n say \"hi\"\n\n</parameter>\n<parameter=n>\n5\n</parameter>\n</function>\n</tool_call>",
        "text Well.\\n\ncall 0 f {\"text\": \" say \\\"hi\\\"\\n\", \"n\": 5} done")]
    [InlineData("function-elements", "<function=f><parameter=flag>True</parameter></function>", "call 0 f {\"flag\": true} done")]
    [InlineData("function-elements", "<function=f><parameter=flag>null</parameter></function>", "call 0 f {\"flag\": null} done")]
    [InlineData("function-elements", "<function=f><parameter=n>five</parameter></function>", "call 0 f {\"n\": \"five\"} done")]
    [InlineData("function-elements", "<function=f><parameter=text>5</parameter></function>", "call 0 f {\"text\": \"5\"} done")]
    [InlineData("function-elements", "<function=f><parameter=name>1</parameter></function>", "call 0 f {\"name\": \"1\"} done")]
    [InlineData("function-elements", "<function=f><parameter=either>1</parameter></function>", "call 0 f {\"either\": 1} done")]
    [InlineData("function-elements", "<function=f><parameter=either>[1]</parameter></function>", "call 0 f {\"either\": \"[1]\"} done")]
    [InlineData("function-elements", "<function=f><parameter=list>[1, {}]</parameter></function>", "call 0 f {\"list\": [1, {}]} done")]
    [InlineData("function-elements", "<function=f><parameter=other>[1</parameter></function>", "call 0 f {\"other\": \"[1\"} done")]
    [InlineData("function-elements", "<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call>", "call 0 f {} done")]
    [InlineData("function-elements", "<tool_call>\n<function=unknown>\n", "text <tool_call>\\n<function=unknown>\\n")]
    [InlineData("function-elements", "<tool_call> no", "text <tool_call> no")]
    [InlineData("function-elements", "<function=f> and so on", "call 0 f { cut\ntext and so on")]
    [InlineData("function-elements", "<function=f><parameter=text>a</para", "call 0 f {\"text\": \"a cut")]
    [InlineData(
        "function-elements",
        "<seed:tool_call>\n<function=f>\n</function>\n</seed:tool_call>\n<seed:tool_call>\n<function=get_weather></function>",
        "call 0 f {} done\ncall 1 get_weather {} done")]
    [InlineData(
        "key-value-elements",
        "<tool_call>f\n<arg_key>text</arg_key>\n<arg_value>Köln\n\"</arg_value>\n<arg_key>n</arg_key>\n<arg_value>-1</arg_value>\n</tool_call>",
        "call 0 f {\"text\": \"Köln\\n\\\"\", \"n\": -1} done")]
    [InlineData(
        "key-value-elements",
        "<tool_call>get_weather</tool_call><tool_call>f<arg_key>any</arg_key><arg_value>{\"a\": 1}</arg_value></tool_call>Done.",
        "call 0 get_weather {} done\ncall 1 f {\"any\": {\"a\": 1}} done\ntext Done.")]
    [InlineData(
        "invoke-elements",
        "<minimax:tool_call>\n<invoke name=\"f\">\n<parameter name=\"text\">a</parameter>\n</invoke>\n<invoke name=\"get_weather\">\n</invoke>"
            + "\n</minimax:tool_call>",
        "call 0 f {\"text\": \"a\"} done\ncall 1 get_weather {} done")]
    public void Calls_are_found_and_all_else_is_text(string format, string output, string expected) =>
        Assert.Equal(expected, Told(Formats.Single(one => one.Name == format), true, false, [output]));

    [Theory]
    [InlineData("<think>\nHm.\n\nWell.\n</think>\n\nYes.", false, "reasoning Hm.\\n\\nWell.\ntext Yes.")]
    [InlineData("Hm.\n</think>\n\nYes.", true, "reasoning Hm.\ntext Yes.")]
    [InlineData("Hm.", true, "reasoning Hm.")]
    [InlineData("<think></think>Yes.", false, "text Yes.")]
    [InlineData("Yes. <think>no</think>", false, "text Yes. <think>no</think>")]
    [InlineData(" <thi", false, "text  <thi")]
    [InlineData("<think>a</thi", false, "reasoning a</thi")]
    [InlineData("<think>call?</think><tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>", false, "reasoning call?\ncall 0 f {} done")]
    public void Thoughts_at_the_beginning_are_parted_from_the_answer(string output, bool startsWithin, string expected) =>
        Assert.Equal(expected, Told(ToolCallFormat.Hermes, true, startsWithin, [output]));

    [Fact]
    public void What_is_certain_is_told_at_once()
    {
        OutputParser parser = new(null, false, ToolCallFormat.Hermes, Tools);

        Assert.Equal([new TextDelta("Hi ")], parser.Push("Hi <tool"));
        Assert.Equal(
            [new ToolCallStarted(0, "f"), new ToolArgumentsDelta(0, "{\"a\": \"x")],
            parser.Push("_call>{\"name\": \"f\", \"arguments\": {\"a\": \"x"));
        Assert.Equal([new ToolArgumentsDelta(0, "y\"}"), new ToolCallFinished(0, true)], parser.Push("y\"}}"));
        Assert.Empty(parser.Push("</tool_call>"));
        Assert.Empty(parser.Complete());
        Assert.Equal(1, parser.Calls);
    }

    [Fact]
    public void A_parameter_that_is_a_text_is_told_as_it_comes()
    {
        OutputParser parser = new(null, false, ToolCallFormat.FunctionElements, Tools);

        Assert.Equal(
            [new ToolCallStarted(0, "f"), new ToolArgumentsDelta(0, "{\"text\": \"one")], parser.Push("<function=f><parameter=text>\none\n"));
        Assert.Equal([new ToolArgumentsDelta(0, "\\ntwo")], parser.Push("two</param"));
        Assert.Equal([new ToolArgumentsDelta(0, "\"}"), new ToolCallFinished(0, true)], parser.Push("eter></function>"));
    }

    [Theory]
    [InlineData("hermes-tools", "hermes")]
    [InlineData("qwen-thinking", "hermes")]
    [InlineData("llama31-tools", "llama-json")]
    [InlineData("mistral-tools", "mistral")]
    [InlineData("deepseek-r1", "deepseek")]
    [InlineData("chatml", null)]
    public void The_template_tells_the_format(string template, string? format) =>
        Assert.Equal(format, ToolCallFormat.Of(Recorded.SourceOf(template))?.Name);

    [Theory]
    [InlineData("qwen-thinking", "<think>")]
    [InlineData("deepseek-r1", "<think>")]
    [InlineData("chatml", null)]
    public void The_template_tells_how_thoughts_are_marked(string template, string? open) =>
        Assert.Equal(open, ReasoningFormat.Of(Recorded.SourceOf(template))?.Open);

    // The header for plain text is not part of the text.
    private static string WithoutTextHeaders(ToolCallFormat format, string output)
    {
        if (format != ToolCallFormat.Functionary)
            return output;
        string trimmed = output.TrimStart();
        string text = trimmed.StartsWith("all\n", StringComparison.Ordinal) ? trimmed["all\n".Length..] : output;
        return text.Replace(">>>all\n", "", StringComparison.Ordinal);
    }

    private static bool IsObject(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 200 });
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static List<OutputEvent> Events(
        ToolCallFormat format, bool hasTools, bool isWithin, string[] pieces, Dictionary<string, ToolDefinition>? tools = null)
    {
        ReasoningFormat? reasoning = tools is null ? new ReasoningFormat("<think>", "</think>") : null;
        OutputParser parser = new(reasoning, isWithin, format, tools ?? (hasTools ? Tools : null));
        return [.. pieces.SelectMany(parser.Push), .. parser.Complete()];
    }

    private static string Told(ToolCallFormat format, bool hasTools, bool isWithin, string[] pieces)
    {
        StringBuilder told = new();
        OutputEvent? last = null;
        foreach (OutputEvent one in Events(format, hasTools, isWithin, pieces))
        {
            told.Append(one switch
            {
                TextDelta text => (last is TextDelta ? "" : "\ntext ") + Escaped(text.Text),
                ReasoningDelta thought => (last is ReasoningDelta ? "" : "\nreasoning ") + Escaped(thought.Text),
                ToolCallStarted call => $"\ncall {call.Index} {call.Name} ",
                ToolArgumentsDelta arguments => arguments.Json,
                ToolCallFinished finished => finished.IsComplete ? " done" : " cut",
                _ => "?",
            });
            last = one;
        }
        return told.ToString().TrimStart('\n');
    }

    private static string Escaped(string text) => text.Replace("\n", "\\n", StringComparison.Ordinal);
}
