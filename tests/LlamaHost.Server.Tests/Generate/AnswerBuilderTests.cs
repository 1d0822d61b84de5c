using LlamaHost.Engine.Requests;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate;
using LlamaHost.Server.Generations;

namespace LlamaHost.Server.Tests.Generate;

public sealed class AnswerBuilderTests
{
    private static readonly DateTimeOffset Created = DateTimeOffset.UnixEpoch.AddSeconds(77);

    [Fact]
    public void Texts_of_the_tokens_together_are_the_continuation_even_if_some_was_held_back()
    {
        AnswerBuilder answer = Answer("""{"prompt": "Hi", "details": true}""", 2);

        GenerateEvent[] events = [.. Add(answer, Step(0, 0, [new TokenEvent(7, "", false, -1)])),
            .. Add(answer, End(0, 0, [new TokenEvent(8, " th", false, -2)], "ere"))];

        GeneratedSequence sequence = Assert.IsType<GeneratedSequence>(events[^1]);
        Assert.Equal("prompt 0 there", sequence.GeneratedText);
        Assert.Equal(["", " there"], events.OfType<TokenGenerated>().Select(one => one.Text));
        Assert.Equal(["", " there"], sequence.Tokens!.Select(one => one.Text));
        Assert.Equal([7, 8], sequence.TokenIds!);
        Assert.Null(sequence.TrailingText);
    }

    [Fact]
    public void Text_that_comes_after_the_last_token_is_not_lost()
    {
        AnswerBuilder answer = Answer("""{"prompt": "Hi", "return_full_text": false}""", 2);

        GenerateEvent[] events = [.. Add(answer, Step(0, 0, [new TokenEvent(7, " the", false)])), .. Add(answer, End(0, 0, [], "re"))];

        GeneratedSequence sequence = Assert.IsType<GeneratedSequence>(events[^1]);
        Assert.Equal((" there", "re"), (sequence.GeneratedText, sequence.TrailingText));
    }

    [Fact]
    public void Sequences_come_in_order_however_they_ended()
    {
        AnswerBuilder answer = Answer("""{"prompt": ["a", "b"], "num_return_sequences": 2, "details": true, "seed": 5}""", 1, 2);
        foreach ((int prompt, int index) in ((int, int)[])[(1, 1), (0, 1), (1, 0), (0, 0)])
            Assert.Single(Add(answer, End(prompt, index, [], $"{prompt}{index}")));

        GenerateResponse response = answer.Complete(withSequences: true);

        Assert.Equal(["prompt 000", "prompt 001", "prompt 110", "prompt 111"], response.Sequences!.Select(one => one.GeneratedText));
        Assert.Equal([(0, 0), (0, 1), (1, 0), (1, 1)], response.Sequences!.Select(one => (one.PromptIndex, one.Index)));
        Assert.Equal([1, 2], response.PromptTokenIds!.Select(ids => ids.Count));
        Assert.Equal((77L, "m", "gen-1"), (response.Created, response.Model, response.Id));
        Assert.Null(answer.Complete(withSequences: false).Sequences);
    }

    [Fact]
    public void Usage_counts_every_prompt_once_and_every_new_token()
    {
        AnswerBuilder answer = Answer("""{"prompt": "a", "num_return_sequences": 2}""", 10);
        Add(answer, End(0, 0, [], "", new SequenceUsage(10, 4, 30, Ms(5), Ms(100), Ms(400))));
        Add(answer, End(0, 1, [], "", new SequenceUsage(10, 9, 20, Ms(7), Ms(100), Ms(300))));

        GenerateUsage usage = answer.Complete(withSequences: true).Usage;

        Assert.Equal((10, 4, 50), (usage.PromptTokens, usage.CachedTokens, usage.GeneratedTokens));
        Assert.Equal((7, 100, 400, 100), (usage.QueueMs, usage.PrefillMs, usage.DecodeMs, usage.TokensPerSecond));
    }

    [Fact]
    public void Usage_says_what_was_guessed_if_anything_was()
    {
        AnswerBuilder answer = Answer("""{"prompt": "a", "num_return_sequences": 2}""", 10);
        var usage = new SequenceUsage(10, 4, 30, Ms(5), Ms(100), Ms(400));
        Add(answer, End(0, 0, [], "", usage with { DraftedTokens = 12, AcceptedTokens = 9 }));
        Add(answer, End(0, 1, [], "", usage with { DraftedTokens = 3 }));
        AnswerBuilder without = Answer("""{"prompt": "a"}""", 10);
        Add(without, End(0, 0, [], "", usage));

        Assert.Equal((15, 9), (answer.Complete(withSequences: true).Usage.DraftedTokens, answer.Complete(withSequences: true).Usage.AcceptedTokens));
        Assert.Null(without.Complete(withSequences: true).Usage.DraftedTokens);
        Assert.Null(without.Complete(withSequences: true).Usage.AcceptedTokens);
    }

    [Theory]
    [InlineData(FinishReason.EndOfSequence, "eos_token")]
    [InlineData(FinishReason.Stop, "stop_sequence")]
    [InlineData(FinishReason.Length, "length")]
    public void Finish_reasons_have_their_names(FinishReason reason, string name) => Assert.Equal(
        name, Assert.IsType<GeneratedSequence>(Add(Answer("""{"prompt": "a"}""", 1), End(0, 0, [], "", reason: reason)).Single()).FinishReason);

    [Theory]
    [InlineData(FinishReason.Cancelled, 503, ErrorCodes.ShuttingDown)]
    [InlineData(FinishReason.NoToken, 400, ErrorCodes.NoTokenLeft)]
    [InlineData(FinishReason.Error, 500, ErrorCodes.GenerationFailed)]
    public void A_sequence_without_result_fails_the_answer(FinishReason reason, int status, string code)
    {
        ApiException error = Assert.Throws<ApiException>(() => Add(Answer("""{"prompt": "a"}""", 1), End(0, 0, [], "", reason: reason)));

        Assert.Equal((status, code), (error.Status, error.Code));
    }

    private static List<GenerateEvent> Add(AnswerBuilder answer, PromptEvent step)
    {
        List<GenerateEvent> events = [];
        answer.Add(step, events.Add);
        return events;
    }

    private static AnswerBuilder Answer(string json, params int[] promptTokens) => new(PlanFixture.Plan(json, promptTokens), "m", Created);

    private static PromptEvent Step(int prompt, int index, IReadOnlyList<TokenEvent> tokens, SequenceFinish? finish = null) =>
        new(prompt, new SequenceEvent { RequestId = $"gen-1/{prompt}", SequenceIndex = index, Tokens = tokens, Finish = finish });

    private static PromptEvent End(
        int prompt, int index, IReadOnlyList<TokenEvent> tokens, string text, SequenceUsage usage = default,
            FinishReason reason = FinishReason.Length) =>
        Step(prompt, index, tokens, new SequenceFinish(reason, text, usage));

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
