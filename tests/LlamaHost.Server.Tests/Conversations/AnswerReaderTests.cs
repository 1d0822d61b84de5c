using CsCheck;
using LlamaHost.Chat;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Conversations;

namespace LlamaHost.Server.Tests.Conversations;

public sealed class AnswerReaderTests
{
    private const string Mistral = "{% if tools %}[AVAILABLE_TOOLS]{% endif %}[TOOL_CALLS] [THINK][/THINK]";

    private static readonly ControlToken[] Control =
    [
        new(1, "</s>", EndsTurn: true), new(2, "[TOOL_CALLS]", EndsTurn: false), new(3, "[THINK]", false), new(4, "[/THINK]", false),
        new(5, "<pad>", false),
    ];

    private static readonly ModelDescription Model = new()
    {
        Architecture = "llama", Description = "", VocabularySize = 100, ContextLength = 100, TrainedContextLength = 100, KvCells = 100,
        MaxSequences = 1, EosTokenIds = [1], ParameterCount = 1, SizeBytes = 1, NativeVersion = "", Backend = "", ControlTokens = Control,
    };

    [Fact]
    public void Control_tokens_that_are_marks_are_read_and_others_are_not_shown()
    {
        AnswerReader reader = Reader(isParallel: true);
        OutputEvent[] events =
        [
            .. Push(reader, "[THINK]"), .. Push(reader, "Hm."), .. Push(reader, "[/THINK]"), .. Push(reader, "Let me <pad>see. "),
            .. Push(reader, "<pad>"), .. Push(reader, "[TOOL_CALLS]"), .. Push(reader, """[{"name": "f", "arguments": {"a": 1}}]"""),
            .. Push(reader, "</s>"),
            .. reader.Complete(""),
        ];

        Assert.Equal("Hm.", string.Concat(events.OfType<ReasoningDelta>().Select(one => one.Text)));
        Assert.Equal("Let me <pad>see. ", string.Concat(events.OfType<TextDelta>().Select(one => one.Text)));
        Assert.Equal("f", Assert.Single(events.OfType<ToolCallStarted>()).Name);
        Assert.Equal("""{"a": 1}""", string.Concat(events.OfType<ToolArgumentsDelta>().Select(one => one.Json)));
        Assert.True(Assert.Single(events.OfType<ToolCallFinished>()).IsComplete);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public void Only_the_first_call_counts_where_there_may_be_only_one(bool isParallel, int calls)
    {
        AnswerReader reader = Reader(isParallel);
        OutputEvent[] events =
        [
            .. Push(reader, "[TOOL_CALLS]"), .. Push(reader, """[{"name": "f", "arguments": {}}, {"name": "g", "arguments": {}}]"""),
            .. reader.Complete(""),
        ];

        Assert.Equal(calls, events.OfType<ToolCallStarted>().Count());
        Assert.Equal(calls, reader.Calls);
        Assert.Empty(events.OfType<TextDelta>());
    }

    [Fact]
    public void A_second_call_that_was_cut_before_it_was_one_is_no_text_where_only_calls_are_allowed()
    {
        AnswerReader reader = Reader(isParallel: true, allowsText: false);
        OutputEvent[] events =
            [.. Push(reader, "[TOOL_CALLS]"), .. Push(reader, """[{"name": "f", "arguments": {}}, {"na"""), .. reader.Complete("")];

        Assert.Single(events.OfType<ToolCallStarted>());
        Assert.Empty(events.OfType<TextDelta>());
    }

    [Fact]
    public void Text_that_was_held_back_is_kept_when_an_end_token_brings_it()
    {
        AnswerReader reader = Reader(isParallel: true);
        OutputEvent[] events = [.. reader.Push(new TokenEvent(1, "so</s>", IsSpecial: true), "so</s>"), .. reader.Complete("!")];

        Assert.Equal("so!", string.Concat(events.OfType<TextDelta>().Select(one => one.Text)));
    }

    [Fact]
    public void The_pieces_in_which_an_answer_comes_make_no_difference() =>
        Gen.Int[1, 6].Array[1, 40].Sample(lengths =>
        {
            const string answer = """Well: [TOOL_CALLS][{"name": "f", "arguments": {"text": "a]b"}}, {"name": "g", "arguments": {}}]""";
            AnswerReader whole = Reader(isParallel: true), cut = Reader(isParallel: true);
            List<OutputEvent> events = [];
            int at = 0;
            foreach (int length in lengths.TakeWhile(_ => at < answer.Length))
            {
                events.AddRange(Push(cut, answer[at..Math.Min(answer.Length, at + length)]));
                at = Math.Min(answer.Length, at + length);
            }
            events.AddRange(Push(cut, answer[at..]));
            events.AddRange(cut.Complete(""));

            Assert.Equal(Summary([.. Push(whole, answer), .. whole.Complete("")]), Summary(events));
        });

    private static string Summary(IEnumerable<OutputEvent> events) => string.Concat(events.Select(one => one switch
    {
        TextDelta text => text.Text,
        ToolCallStarted call => $"|{call.Name}(",
        ToolArgumentsDelta arguments => arguments.Json,
        ToolCallFinished => ")",
        _ => "?",
    }));

    private static IEnumerable<OutputEvent> Push(AnswerReader reader, string text)
    {
        ControlToken control = Control.FirstOrDefault(one => one.Text == text);
        return reader.Push(new TokenEvent(control.Text is null ? 50 : control.Id, text, IsSpecial: control.Text is not null), text);
    }

    private static AnswerReader Reader(bool isParallel, bool allowsText = true)
    {
        var prompt = new ConversationPrompt("", [], new ModelTemplate(Mistral), EndsWithinReasoning: false);
        return new AnswerReader(
            new AnswerForm(prompt, SomeTools.Named("f", "g"), IsEnforced: false, isParallel) { AllowsText = allowsText }, Model,
            keepsControlTokens: false);
    }
}
