using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CsCheck;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.OpenAi.Chat;
using LlamaHost.Server.Tests.Conversations;

namespace LlamaHost.Server.Tests.OpenAi;

/// <summary>What answers are made of what a model writes, which a small model would not write by itself.</summary>
public sealed class ChatChoiceBuilderTests
{
    private const string Hermes = "{% if tools %}<tool_call>{% endif %}<think></think>";

    private static readonly ModelDescription Model = new()
    {
        Architecture = "llama", Description = "", VocabularySize = 100, ContextLength = 100, TrainedContextLength = 100, KvCells = 100,
        MaxSequences = 1, EosTokenIds = [1], ParameterCount = 1, SizeBytes = 1, NativeVersion = "", Backend = "",
    };

    [Theory]
    [InlineData("Hello", "Hello", "", "", "stop")]
    [InlineData("<think>\nHm.\n</think>\n\nHello", "Hello", "Hm.", "", "stop")]
    [InlineData("<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>", "", "", "f{\"a\": 1}", "tool_calls")]
    [InlineData("<think>x</think><tool_call>{\"name\": \"g\", \"arguments\": {}}</tool_call>", "", "x", "g{}", "tool_calls")]
    [InlineData("<tool_call>\n{\"name\": \"unknown\"}", "<tool_call>\n{\"name\": \"unknown\"}", "", "", "stop")]
    public void Thoughts_text_and_calls_are_told_apart_in_whole_answers_and_in_streams(
        string written, string content, string reasoning, string calls, string reason) =>
        Gen.Int[1, 9].Sample(size =>
        {
            var builder = new ChatChoiceBuilder(Plan(), 0);
            List<ChatChunkChoice> pieces = [builder.Begin()];
            foreach (char[] piece in written.Chunk(size))
                pieces.AddRange(builder.Add(Step(new string(piece))));
            pieces.AddRange(builder.Add(End(FinishReason.EndOfSequence)));
            var expected = new ChatResult(content, reasoning, calls, reason, "");

            Assert.Equal(expected, Assert.Single(Answer(builder.Complete(), ChatJson.Readable.ChatChoice).Results()));
            JsonNode[] chunks = [.. pieces.Select(one => Answer(one, ChatJson.Readable.ChatChunkChoice))];
            Assert.Equal(expected, Assert.Single(chunks.Assemble()));
        });

    [Fact]
    public void What_is_cut_by_its_length_says_so_whatever_it_is()
    {
        var builder = new ChatChoiceBuilder(Plan(), 0);
        _ = builder.Add(Step("<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\":")).ToArray();
        _ = builder.Add(End(FinishReason.Length)).ToArray();

        Assert.Equal("length", builder.Complete().FinishReason);
    }

    private static JsonObject Answer<T>(T choice, JsonTypeInfo<T> type) =>
        new() { ["choices"] = new JsonArray(JsonSerializer.SerializeToNode(choice, type)) };

    private static SequenceEvent Step(string text) =>
        new() { RequestId = "a", SequenceIndex = 0, Tokens = [new TokenEvent(50, text, IsSpecial: false)] };

    private static SequenceEvent End(FinishReason reason) =>
        new() { RequestId = "a", SequenceIndex = 0, Finish = new SequenceFinish(reason, "", default) };

    private static ChatPlan Plan()
    {
        var prompt = new ConversationPrompt("", [], new ModelTemplate(Hermes), EndsWithinReasoning: false);
        var form = new AnswerForm(prompt, SomeTools.Named("f", "g"), IsEnforced: false, AllowsSeveralCalls: true);
        return new ChatPlan("a", new ChatRequest(), form, Model, "m", "fp", new GenerationRequest { Id = "a/0", PromptTokens = [1] });
    }
}
