using System.Text;
using System.Text.Json;
using CsCheck;
using LlamaHost.Chat;
using LlamaHost.Engine.Requests;
using LlamaHost.Grammars;
using LlamaHost.Grammars.Matching;
using LlamaHost.Server.Conversations;

namespace LlamaHost.Server.Tests.Conversations;

/// <summary>
/// What a grammar lets a model answer is what the reader of the answer understands, however the model's family marks calls and thoughts.
/// </summary>
public sealed class AnswerGrammarTests
{
    private const int FirstControl = 256;

    private static readonly JsonElement Schema = JsonElement.Parse(
        """{"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": false}""");

    private static readonly CallableTool[] Tools =
        [.. ((string[])["f", "get"]).Select(name => new CallableTool(new ToolDefinition(name, null, Schema), "tools"))];

    // Templates that tell a format, and the marks that are control tokens with such a model.
    private static readonly Dictionary<string, (string Template, string[] Control)> Families = new()
    {
        ["hermes"] = ("{{ tools }}<tool_call>", []),
        ["hermes that thinks"] = ("{{ tools }}<tool_call><think></think>", []),
        ["hermes with control tokens"] = ("{{ tools }}<tool_call><think></think>", ["<tool_call>", "</tool_call>", "<think>", "</think>"]),
        ["llama"] = ("{{ tools }}<|start_header_id|>\"parameters\"", ["<|python_tag|>"]),
        ["pythonic"] = ("{{ tools }}[func_name1(", ["<|python_start|>", "<|python_end|>"]),
        ["mistral"] = ("{{ tools }}[TOOL_CALLS][THINK][/THINK]", ["[TOOL_CALLS]", "[THINK]", "[/THINK]"]),
        ["mistral with arguments"] = ("{{ tools }}[TOOL_CALLS][ARGS]", ["[TOOL_CALLS]", "[ARGS]"]),
        ["functionary"] = ("{{ tools }}>>>all", []),
        ["function tags"] = ("{{ tools }}<function=", []),
        ["deepseek"] = (
            "{{ tools }}<｜tool▁call▁begin｜>```json",
            ["<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>", "<｜tool▁call▁begin｜>", "<｜tool▁call▁end｜>", "<｜tool▁sep｜>"]),
        ["kimi"] = (
            "{{ tools }}<|tool_call_argument_begin|>",
            ["<|tool_calls_section_begin|>", "<|tool_call_begin|>", "<|tool_call_argument_begin|>", "<|tool_call_end|>"]),
        ["nemotron"] = ("{{ tools }}<TOOLCALL>", []),
        ["several"] = ("{{ tools }}<tool_calls>", []),
        ["granite"] = ("{{ tools }}<|tool_call|>", ["<|tool_call|>"]),
        ["elements"] = ("{{ tools }}<function=<parameter=", []),
        ["unknown"] = ("{{ tools }}", []),
    };

    private static readonly Gen<string> Pieces = Gen.OneOf(
    [
        "{\"a\": 1}", "{\"a\": -20}", "{\"a\": \"b\"}", "{}", "{", "}", "[", "f", "get", "all\n", "\n", "text", "<", "<tool_call>", "[TOOL_CALLS]",
        ">>>", "<function=", "<function=f>", "<｜tool▁call▁begin｜>", "<think>", "</think>", "{\"name\": \"f\", \"arguments\": {\"a\": 1}}",
        "<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>", "{\"name\": \"get\", \"parameters\": {}}", "[f(a='x')]",
    ]);

    public static TheoryData<string> Names => [.. Families.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_strict_tools_let_through_is_text_or_calls_that_follow_their_schemas(string family) =>
        Gen.Select(Pieces.Array[0, 5], Gen.Int[0, 2], Pieces.Array[0, 2]).Sample((before, calls, after) =>
        {
            var one = new Family(family, isRequired: false);
            string answer = string.Concat(before) + (calls == 0 ? "" : one.Calls(calls)) + string.Concat(after);
            if (!one.Accepts(answer))
                return;
            OutputEvent[] events = one.Read(answer);

            Assert.All(events.OfType<ToolCallFinished>(), call => Assert.True(call.IsComplete, answer));
            Assert.All(Arguments(events), arguments => Assert.True(IsValid(arguments), answer));
        }, iter: 300);

    [Theory]
    [MemberData(nameof(Names))]
    public void Strict_tools_leave_the_choice_between_a_text_and_calls(string family)
    {
        var one = new Family(family, isRequired: false);
        string header = one.Format.TextHeader ?? "";

        Assert.True(one.Accepts(header + "Some text: {\"a\": \"b\"} < 1."));
        Assert.True(one.Accepts(one.Calls(1)));
        Assert.True(one.Accepts(one.Calls(2)));
        Assert.False(one.Accepts(one.Calls(1).Replace("1", "\"x\"", StringComparison.Ordinal)));
        Assert.Equal(2, Arguments(one.Read(one.Calls(2))).Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Where_a_call_is_required_only_calls_get_through(string family)
    {
        var one = new Family(family, isRequired: true);

        Assert.True(one.Accepts(one.Calls(2)));
        Assert.False(one.Accepts("Some text."));
        Assert.False(one.Accepts(""));
    }

    [Theory]
    [InlineData("hermes that thinks")]
    [InlineData("hermes with control tokens")]
    [InlineData("mistral")]
    public void A_model_that_thinks_may_do_so_first(string family)
    {
        foreach (bool isRequired in (bool[])[false, true])
        {
            var one = new Family(family, isRequired);
            string answer = $"{one.Reasoning.Open}Hm, a <{one.Reasoning.Close}\n{one.Calls(1)}";

            Assert.True(one.Accepts(answer));
            Assert.Equal("Hm, a <", string.Concat(one.Read(answer).OfType<ReasoningDelta>().Select(thought => thought.Text)));
            Assert.Single(Arguments(one.Read(answer)));
        }
    }

    private static IEnumerable<string> Arguments(OutputEvent[] events) => events.OfType<ToolCallStarted>().Select(
        call => string.Concat(events.OfType<ToolArgumentsDelta>().Where(delta => delta.Index == call.Index).Select(delta => delta.Json)));

    private static bool IsValid(string arguments)
    {
        using JsonDocument document = JsonDocument.Parse(arguments);
        return document.RootElement.EnumerateObject().ToArray() is [{ Name: "a", Value: var value }] && value.TryGetInt32(out _);
    }

    /// <summary>A family of models: its grammar over bytes and control tokens, and its reader.</summary>
    private sealed class Family
    {
        private readonly AnswerForm _form;
        private readonly ModelDescription _model;
        private readonly GrammarMatcher _matcher;

        public Family(string name, bool isRequired)
        {
            (string template, string[] control) = Families[name];
            _model = new ModelDescription
            {
                Architecture = "llama", Description = "", VocabularySize = FirstControl + control.Length, ContextLength = 100,
                TrainedContextLength = 100, KvCells = 100, MaxSequences = 1, EosTokenIds = [], ParameterCount = 1, SizeBytes = 1, NativeVersion = "",
                Backend = "", ControlTokens = [.. control.Select((text, index) => new ControlToken(FirstControl + index, text, false))],
            };
            var prompt = new ConversationPrompt("", [], new ModelTemplate(template), EndsWithinReasoning: false);
            _form = new AnswerForm(
                prompt, Tools.ToDictionary(tool => tool.Definition.Name, tool => tool.Definition), IsEnforced: true, AllowsSeveralCalls: true)
            {
                AllowsText = !isRequired,
            };
            string grammar = isRequired
                ? AnswerGrammar.Create(_form, _model, Tools, null, "tools") : AnswerGrammar.CreateStrict(_form, _model, Tools, "tools");
            byte[][] bytes = [.. Enumerable.Range(0, _model.VocabularySize).Select(id => id < FirstControl ? (byte[])[(byte)id] : [])];
            _matcher = new GrammarMatcher(Grammar.FromGbnf(grammar), new TokenTrie(bytes.Length, token => bytes[token]));
        }

        public ToolCallFormat Format => _form.Prompt.Style.EnforcedCalls;

        public ReasoningFormat Reasoning => _form.Reasoning!;

        public string Calls(int count)
        {
            ToolCallFrame frame = Format.Frame("f");
            string call = frame.Prefix + "{\"a\": 1}" + frame.Suffix;
            return frame.Open + string.Join(frame.Separator, Enumerable.Repeat(call, count)) + frame.Close;
        }

        public bool Accepts(string answer) =>
            Tokens(answer).Aggregate(_matcher.Start, (state, token) => _matcher.Advance(state, _matcher.Vocabulary.Bytes(token))).CanEnd;

        public OutputEvent[] Read(string answer)
        {
            var reader = new AnswerReader(_form, _model, keepsControlTokens: false);
            return [.. reader.Push(new TokenEvent(0, answer, IsSpecial: false), answer), .. reader.Complete("")];
        }

        private IEnumerable<int> Tokens(string answer)
        {
            while (answer.Length > 0)
            {
                ControlToken control = _model.ControlTokens.FirstOrDefault(one => answer.StartsWith(one.Text, StringComparison.Ordinal));
                int length = control.Text?.Length ?? (char.IsHighSurrogate(answer[0]) ? 2 : 1);
                foreach (int token in control.Text is null ? Encoding.UTF8.GetBytes(answer[..length]).Select(one => (int)one) : [control.Id])
                    yield return token;
                answer = answer[length..];
            }
        }
    }
}
