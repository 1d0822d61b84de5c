using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generations;
using LlamaHost.Server.OpenAi.Responses;
using LlamaHost.Server.OpenAi.Responses.Events;
using LlamaHost.Server.Tests.Conversations;

namespace LlamaHost.Server.Tests.OpenAi.Responses;

/// <summary>What responses are made of what a model writes, which a small model would not write by itself.</summary>
public sealed class ResponseAnswerTests
{
    private const string Hermes = "{% if tools %}<tool_call>{% endif %}<think></think>";
    private const string CallF = "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": 1}}\n</tool_call>";
    private const string CallG = "<tool_call>\n{\"name\": \"g\", \"arguments\": {}}\n</tool_call>";

    private static readonly ModelDescription Model = new()
    {
        Architecture = "llama", Description = "", VocabularySize = 100, ContextLength = 100, TrainedContextLength = 100, KvCells = 100,
        MaxSequences = 1, EosTokenIds = [1], ParameterCount = 1, SizeBytes = 1, NativeVersion = "", Backend = "",
    };

    [Theory]
    [InlineData("Hello", FinishReason.EndOfSequence, "completed", "message completed Hello")]
    [InlineData("", FinishReason.EndOfSequence, "completed", "message completed ")]
    [InlineData("Hello", FinishReason.Length, "incomplete", "message incomplete Hello")]
    [InlineData("<think>\nHm.\n</think>\n\nHello", FinishReason.Stop, "completed", "reasoning completed Hm.|message completed Hello")]
    [InlineData("<think>\nHm.\n</think>", FinishReason.EndOfSequence, "completed", "reasoning completed Hm.|message completed ")]
    [InlineData("<think>\nHm", FinishReason.Length, "incomplete", "reasoning incomplete Hm")]
    [InlineData(CallF, FinishReason.EndOfSequence, "completed", "function_call completed f{\"a\": 1}")]
    [InlineData(CallF + "\n" + CallG, FinishReason.EndOfSequence, "completed", "function_call completed f{\"a\": 1}|function_call completed g{}")]
    [InlineData(
        "<think>x</think>Let me see. " + CallG, FinishReason.EndOfSequence, "completed",
        "reasoning completed x|message completed Let me see. |function_call completed g{}")]
    [InlineData("<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\":", FinishReason.Length, "incomplete", "function_call incomplete f{\"a\":")]
    [InlineData("<tool_call>\n{\"name\": \"h\"}", FinishReason.EndOfSequence, "completed", "message completed <tool_call>\n{\"name\": \"h\"}")]
    public void Thoughts_text_and_calls_become_items_however_they_come(string written, FinishReason reason, string status, string items) =>
        Gen.Int[1, 9].Sample(size =>
        {
            JsonNode response = EventFold.Fold(Events(written, size, answer => [.. answer.Add(End(reason)), .. answer.End(Usage())]));

            Assert.Equal(status, (string?)response["status"]);
            Assert.Equal(items, Summary(response));
            Assert.Equal(status == "incomplete" ? "max_output_tokens" : null, (string?)response["incomplete_details"]?["reason"]);
        });

    [Theory]
    [InlineData("", "")]
    [InlineData("Hello", "message incomplete Hello")]
    [InlineData(CallF + "<tool_call>\n{\"name\": \"g\", \"arguments\": {", "function_call completed f{\"a\": 1}|function_call incomplete g{")]
    public void What_there_was_when_it_failed_or_was_cancelled_is_kept_and_ended(string written, string items) =>
        Gen.Int[1, 9].Sample(size =>
        {
            JsonNode failed = EventFold.Fold(Events(
                written, size, answer => answer.Fail(new ApiException(503, ErrorCodes.ShuttingDown, null, "The server is shutting down."))));
            JsonNode cancelled = EventFold.Fold(Events(written, size, answer => answer.Cancel()));

            Assert.Equal(("failed", items), ((string?)failed["status"], Summary(failed)));
            Assert.Equal("server_error", (string?)failed["error"]!["code"]);
            Assert.Equal("The server is shutting down.", (string?)failed["error"]!["message"]);
            Assert.Equal(("cancelled", items), ((string?)cancelled["status"], Summary(cancelled)));
        });

    [Fact]
    public void Log_probabilities_are_those_of_the_text_alone() =>
        Gen.Int[1, 9].Sample(size =>
        {
            const string text = "a <b> <too much";
            ResponsePlan plan = Plan(new ResponseRequest { IncludesLogprobs = true });
            JsonNode response = EventFold.Fold(
                Events($"<think>x</think>\n\n{text}{CallG}", size, Whole, plan));

            IEnumerable<string> tokens = response.Items("message")[0]["content"]![0]!["logprobs"]!.AsArray().Select(one => (string)one!["token"]!);
            // The pieces of the marks before and after may hold some of the text, or of them.
            Assert.Contains(string.Concat(tokens), $"<think>x</think>\n\n{text}{CallG}", StringComparison.Ordinal);
            Assert.InRange(string.Concat(tokens).Length, text.Length - size, text.Length + 2 * size);
        });

    [Fact]
    public void Tokens_of_thoughts_are_counted()
    {
        JsonNode response = EventFold.Fold(Events(
            "<think>abc</think>Hello", 1, Whole));

        Assert.Equal("<think>abc".Length, (int)response["usage"]!["output_tokens_details"]!["reasoning_tokens"]!);
    }

    private static IEnumerable<JsonNode> Events(
        string written, int size, Func<ResponseAnswer, IEnumerable<ResponseEvent>> end, ResponsePlan? plan = null)
    {
        var answer = new ResponseAnswer(plan ?? Plan(new ResponseRequest()), TimeProvider.System);
        List<ResponseEvent> events = [.. answer.Begin()];
        foreach (char[] piece in written.Chunk(size))
            events.AddRange(answer.Add(Step(new string(piece))));
        events.AddRange(end(answer));
        return events.Select(one => JsonSerializer.SerializeToNode(one, ResponseJson.Readable.ResponseEvent)!);
    }

    private static IEnumerable<ResponseEvent> Whole(ResponseAnswer answer) =>
        [.. answer.Add(End(FinishReason.EndOfSequence)), .. answer.End(Usage())];

    private static string Summary(JsonNode response) => string.Join('|', response["output"]!.AsArray().Select(item =>
        $"{item!["type"]} {item["status"]} {item["name"]}{item["arguments"]}{item["content"]?[0]!["text"]}"));

    private static SequenceEvent Step(string text) => new()
    {
        RequestId = "a", SequenceIndex = 0, Tokens = [new TokenEvent(50, text, IsSpecial: false, LogProb: -1, [new TokenLogProb(50, text, -1)])],
    };

    private static SequenceEvent End(FinishReason reason) =>
        new() { RequestId = "a", SequenceIndex = 0, Finish = new SequenceFinish(reason, "", default) };

    private static GenerationUsage Usage() => GenerationUsage.Of(10, 20, [[default]]);

    private static ResponsePlan Plan(ResponseRequest request)
    {
        var prompt = new ConversationPrompt("", [], new ModelTemplate(Hermes), EndsWithinReasoning: false);
        var form = new AnswerForm(prompt, SomeTools.Named("f", "g"), IsEnforced: false, AllowsSeveralCalls: true);
        return new ResponsePlan("resp_1", request, [], form, Model, "m", new GenerationRequest { Id = "a/0", PromptTokens = [1] });
    }
}
