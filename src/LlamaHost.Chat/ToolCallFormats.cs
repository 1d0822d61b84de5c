namespace LlamaHost.Chat;

public sealed partial record ToolCallFormat
{
    /// <summary><c>&lt;tool_call&gt;{"name": …, "arguments": …}&lt;/tool_call&gt;</c>: Hermes, Qwen, and many others.</summary>
    public static ToolCallFormat Hermes { get; } = new("hermes")
    {
        Openers = ["<tool_call>"],
        Closers = ["</tool_call>"],
        FrameOf = tool => new("", $"<tool_call>\n{{\"name\": \"{tool}\", \"arguments\": ", "}\n</tool_call>", "\n", ""),
    };

    /// <summary><c>{"name": …, "parameters": …}</c>, perhaps after <c>&lt;|python_tag|&gt;</c>: Llama 3.</summary>
    public static ToolCallFormat LlamaJson { get; } = new("llama-json")
    {
        Openers = ["<|python_tag|>"],
        Closers = [";", ",", "<|eom_id|>", "<|eot_id|>"],
        BeginsBare = true,
        FrameOf = BareObject,
    };

    /// <summary><c>[f(a=1), g(b="x")]</c>: Llama 3.2 and 4; it may also be Llama's JSON.</summary>
    public static ToolCallFormat Pythonic { get; } = new("pythonic")
    {
        Shape = CallShape.Pythonic,
        Openers = ["<|python_start|>", "<|python_tag|>", "<|tool_call_start|>"],
        Closers = [";", "<|python_end|>", "<|tool_call_end|>", "<|eom_id|>", "<|eot_id|>", "<|eot|>"],
        BeginsBare = true,
        FrameOf = BareObject,
    };

    /// <summary><c>[TOOL_CALLS][{"name": …, "arguments": …}]</c>: Mistral up to 2024.</summary>
    public static ToolCallFormat Mistral { get; } = new("mistral")
    {
        Openers = ["[TOOL_CALLS]"],
        FrameOf = tool => new("[TOOL_CALLS][", $"{{\"name\": \"{tool}\", \"arguments\": ", "}", ", ", "]"),
    };

    /// <summary><c>[TOOL_CALLS]name[ARGS]{…}</c>: Mistral from 2025 on.</summary>
    public static ToolCallFormat MistralArgs { get; } = new("mistral-args")
    {
        Shape = CallShape.Header,
        Openers = ["[TOOL_CALLS]"],
        HeaderEnd = "[ARGS]",
        HeaderRest = "[CALL_ID]",
        FrameOf = tool => new("", $"[TOOL_CALLS]{tool}[ARGS]", "", "", ""),
    };

    /// <summary><c>name</c> and JSON in the next line, <c>&gt;&gt;&gt;</c> before all but the first: functionary v3.2.</summary>
    public static ToolCallFormat Functionary { get; } = new("functionary")
    {
        Shape = CallShape.Header,
        Openers = [">>>"],
        BeginsBare = true,
        HeaderEnd = "\n",
        TextName = "all",
        FrameOf = tool => new("", $"{tool}\n", "", ">>>", ""),
    };

    /// <summary><c>&lt;function=name&gt;{…}&lt;/function&gt;</c>: functionary v3.1 and Llama 3.1 with its custom tools.</summary>
    public static ToolCallFormat FunctionTag { get; } = new("function-tag")
    {
        Shape = CallShape.Header,
        Openers = ["<function="],
        HeaderEnd = ">",
        Closers = ["</function>", "<|eom_id|>", "<|eot_id|>"],
        FrameOf = tool => new("", $"<function={tool}>", "</function>", "", ""),
    };

    /// <summary>A call in its marks, with JSON in a code block: DeepSeek R1 and V3.</summary>
    public static ToolCallFormat DeepSeek { get; } = new("deepseek")
    {
        Shape = CallShape.Header,
        Openers = ["<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>", "<｜tool▁call▁begin｜>"],
        HeaderStart = "function<｜tool▁sep｜>",
        HeaderEnd = "\n```json\n",
        Closers = ["```", "<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>"],
        FrameOf = tool => new(
            "<｜tool▁calls▁begin｜>", $"<｜tool▁call▁begin｜>function<｜tool▁sep｜>{tool}\n```json\n", "\n```<｜tool▁call▁end｜>", "\n",
            "<｜tool▁calls▁end｜>"),
    };

    /// <summary>A call in its marks, with bare JSON: DeepSeek V3.1.</summary>
    public static ToolCallFormat DeepSeekBare { get; } = new("deepseek-bare")
    {
        Shape = CallShape.Header,
        Openers = ["<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>", "<｜tool▁call▁begin｜>"],
        HeaderEnd = "<｜tool▁sep｜>",
        Closers = ["<｜tool▁call▁end｜>", "<｜tool▁calls▁end｜>"],
        FrameOf = tool => new(
            "<｜tool▁calls▁begin｜>", $"<｜tool▁call▁begin｜>{tool}<｜tool▁sep｜>", "<｜tool▁call▁end｜>", "", "<｜tool▁calls▁end｜>"),
    };

    /// <summary>
    /// <c>&lt;|tool_call_begin|&gt;functions.name:0&lt;|tool_call_argument_begin|&gt;{…}&lt;|tool_call_end|&gt;</c> in a section's marks: Kimi K2.
    /// </summary>
    public static ToolCallFormat Kimi { get; } = new("kimi")
    {
        Shape = CallShape.Header,
        Openers = ["<|tool_calls_section_begin|><|tool_call_begin|>", "<|tool_call_begin|>"],
        HeaderStart = "functions.",
        HeaderRest = ":",
        HeaderEnd = "<|tool_call_argument_begin|>",
        Closers = ["<|tool_call_end|>", "<|tool_calls_section_end|>"],
        FrameOf = tool => new(
            "<|tool_calls_section_begin|>", $"<|tool_call_begin|>functions.{tool}:0<|tool_call_argument_begin|>", "<|tool_call_end|>", "",
            "<|tool_calls_section_end|>"),
    };

    /// <summary><c>&lt;|tool_call|&gt;[{"name": …, "arguments": …}]</c>: Granite 3.</summary>
    public static ToolCallFormat Granite { get; } = new("granite")
    {
        Openers = ["<|tool_call|>"],
        FrameOf = tool => new("<|tool_call|>[", $"{{\"name\": \"{tool}\", \"arguments\": ", "}", ", ", "]"),
    };

    /// <summary><c>&lt;TOOLCALL&gt;[{"name": …, "arguments": …}]&lt;/TOOLCALL&gt;</c>: Nemotron Nano 2.</summary>
    public static ToolCallFormat Nemotron { get; } = new("nemotron")
    {
        Openers = ["<TOOLCALL>"],
        Closers = ["</TOOLCALL>"],
        FrameOf = tool => new("<TOOLCALL>[", $"{{\"name\": \"{tool}\", \"arguments\": ", "}", ", ", "]</TOOLCALL>"),
    };

    /// <summary><c>&lt;tool_calls&gt;</c>, objects as in <see cref="Hermes"/>, one after the other or as a list: MiniMax M1, Apriel.</summary>
    public static ToolCallFormat Several { get; } = new("several")
    {
        Openers = ["<tool_calls>"],
        Closers = ["</tool_calls>"],
        FrameOf = tool => new("<tool_calls>\n", $"{{\"name\": \"{tool}\", \"arguments\": ", "}", "\n", "\n</tool_calls>"),
    };

    /// <summary><c>&lt;|START_ACTION|&gt;[{"tool_name": …, "parameters": …}]&lt;|END_ACTION|&gt;</c>: Command R7B and its successors.</summary>
    public static ToolCallFormat Command { get; } = new("command")
    {
        Openers = ["<|START_ACTION|>"],
        Closers = ["<|END_ACTION|>"],
        FrameOf = tool => new("<|START_ACTION|>[", $"{{\"tool_name\": \"{tool}\", \"parameters\": ", "}", ", ", "]<|END_ACTION|>"),
    };

    /// <summary>
    /// <c>&lt;function=name&gt;&lt;parameter=key&gt;value&lt;/parameter&gt;&lt;/function&gt;</c>, perhaps in <c>&lt;tool_call&gt;</c>: Qwen3-Coder,
    /// Qwen 3.5, Nemotron 3, Seed-OSS.
    /// </summary>
    public static ToolCallFormat FunctionElements { get; } = new("function-elements")
    {
        Shape = CallShape.Elements,
        Openers = ["<tool_call>", "<seed:tool_call>", "<function="],
        Closers = ["</function>", "</tool_call>", "</seed:tool_call>"],
        Elements = new("<function=", ">", "<parameter=", ">", "", "</parameter>", "</function>"),
        FrameOf = Hermes.FrameOf,
    };

    /// <summary>
    /// <c>&lt;tool_call&gt;name&lt;arg_key&gt;key&lt;/arg_key&gt;&lt;arg_value&gt;value&lt;/arg_value&gt;&lt;/tool_call&gt;</c>: GLM 4.5 and later,
    /// Ling 3.
    /// </summary>
    public static ToolCallFormat KeyValueElements { get; } = new("key-value-elements")
    {
        Shape = CallShape.Elements,
        Openers = ["<tool_call>"],
        Closers = ["</tool_call>"],
        Elements = new("", "", "<arg_key>", "</arg_key>", "<arg_value>", "</arg_value>", "</tool_call>"),
        FrameOf = Hermes.FrameOf,
    };

    /// <summary>
    /// <c>&lt;invoke name="name"&gt;&lt;parameter name="key"&gt;value&lt;/parameter&gt;&lt;/invoke&gt;</c> in <c>&lt;minimax:tool_call&gt;</c>:
    /// MiniMax M2.
    /// </summary>
    public static ToolCallFormat InvokeElements { get; } = new("invoke-elements")
    {
        Shape = CallShape.Elements,
        Openers = ["<minimax:tool_call>", "<invoke name=\""],
        Closers = ["</invoke>", "</minimax:tool_call>"],
        Elements = new("<invoke name=\"", "\">", "<parameter name=\"", "\">", "", "</parameter>", "</invoke>"),
        FrameOf = tool => new("", $"<minimax:tool_call>\n{{\"name\": \"{tool}\", \"arguments\": ", "}\n</minimax:tool_call>", "\n", ""),
    };

    // The first whose mark a template contains counts, so the more particular come first.
    private static readonly (string[] Marks, ToolCallFormat Format)[] ByMarks =
    [
        (["<|START_ACTION|>"], Command),
        (["<｜tool▁call▁begin｜>", "```json"], DeepSeek),
        (["<｜tool▁call▁begin｜>"], DeepSeekBare),
        (["<|tool_call_argument_begin|>"], Kimi),
        (["[TOOL_CALLS]", "[ARGS]"], MistralArgs),
        (["[TOOL_CALLS]"], Mistral),
        ([">>>all"], Functionary),
        (["<arg_key>"], KeyValueElements),
        (["<function=", "<parameter="], FunctionElements),
        (["<minimax:tool_call>", "<invoke name="], InvokeElements),
        (["<tool_call>"], Hermes),
        (["<|tool_call|>"], Granite),
        (["<TOOLCALL>"], Nemotron),
        (["<tool_calls>"], Several),
        (["<|tool_list_start|>"], Pythonic),
        (["<|tool_call_start|>"], Pythonic),
        (["<|python_start|>"], Pythonic),
        (["[func_name1("], Pythonic),
        (["<function="], FunctionTag),
        (["<|python_tag|>"], LlamaJson),
        (["<|start_header_id|>", "\"parameters\""], LlamaJson),
    ];

    /// <summary>The format that a template teaches.</summary>
    /// <param name="template">Jinja text.</param>
    /// <returns>
    /// The format; null for a template that writes calls in a form that is not known. Such a model's calls come as text, and a grammar may demand
    /// <see cref="Hermes"/> of it.
    /// </returns>
    public static ToolCallFormat? Of(string template) => ByMarks.FirstOrDefault(
        one => one.Marks.All(mark => template.Contains(mark, StringComparison.Ordinal))).Format;

    private static ToolCallFrame BareObject(string tool) => new("", $"{{\"name\": \"{tool}\", \"parameters\": ", "}", "; ", "");
}
