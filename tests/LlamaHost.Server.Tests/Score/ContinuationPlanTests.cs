using LlamaHost.Engine.Requests;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Score;

namespace LlamaHost.Server.Tests.Score;

/// <summary>Where a prompt ends and its continuations begin.</summary>
public sealed class ContinuationPlanTests
{
    private static readonly ModelDescription Model = new()
    {
        Architecture = "llama",
        Description = "",
        VocabularySize = 100,
        ContextLength = 8,
        TrainedContextLength = 8,
        KvCells = 8,
        MaxSequences = 1,
        EosTokenIds = [0],
        ParameterCount = 0,
        SizeBytes = 0,
        NativeVersion = "",
        Backend = "",
    };

    [Fact]
    public void A_border_that_changes_no_token_leaves_the_prompt_whole()
    {
        ContinuationPlan plan = ContinuationPlan.Create([1, 2, 3], [[1, 2, 3, 4], [1, 2, 3, 5, 6]], 0, Model);

        Assert.Equal([1, 2, 3], plan.Request.PromptTokens);
        Assert.Equal([[4], [5, 6]], plan.Request.Continuations);
    }

    [Fact]
    public void A_token_that_one_continuation_changes_is_scored_for_all_of_them()
    {
        // The prompt's last token melts into the first continuation's.
        ContinuationPlan plan = ContinuationPlan.Create([1, 2, 3], [[1, 2, 9], [1, 2, 3, 5]], 0, Model);

        Assert.Equal([1, 2], plan.Request.PromptTokens);
        Assert.Equal([[9], [3, 5]], plan.Request.Continuations);
    }

    [Fact]
    public void An_end_token_behind_the_prompt_is_not_part_of_it()
    {
        ContinuationPlan plan = ContinuationPlan.Create([1, 2, 0], [[1, 2, 4, 0]], 0, Model);

        Assert.Equal([1, 2], plan.Request.PromptTokens);
        Assert.Equal([[4, 0]], plan.Request.Continuations);
    }

    [Fact]
    public void What_can_not_be_split_or_does_not_fit_is_refused()
    {
        Assert.Equal("empty_prompt", Code(() => ContinuationPlan.Create([], [[4]], 0, Model)));
        Assert.Equal("empty_prompt", Code(() => ContinuationPlan.Create([1], [[4]], 0, Model)));
        Assert.Equal("empty_continuation", Code(() => ContinuationPlan.Create([1, 2], [[1, 2]], 0, Model)));
        Assert.Equal("context_length_exceeded", Code(() => ContinuationPlan.Create([1, 2], [[1, 2, .. Enumerable.Repeat(3, 7)]], 0, Model)));
        Assert.Equal("unsupported_by_model", Code(() => ContinuationPlan.CreateForDecoder([1, 2], [[3]], 0, Model with { EncoderLength = 4 })));
        Assert.Equal(
            "context_length_exceeded",
            Code(() => ContinuationPlan.CreateForDecoder([1, 2], [[3]], 0, Model with { EncoderLength = 1, DecoderStartTokenId = 0 })));
    }

    [Fact]
    public void A_softmax_of_any_logarithms_adds_up_to_one()
    {
        Assert.Equal([0.25, 0.75], ContinuationPlan.Softmax([Math.Log(1), Math.Log(3)]), (left, right) => Math.Abs(left - right) < 1e-12);
        Assert.Equal([1, 0], ContinuationPlan.Softmax([-1000, -5000]));
        Assert.Equal([0.5, 0.5], ContinuationPlan.Softmax([-1e9, -1e9]));
    }

    private static string Code(Action create) => Assert.Throws<ApiException>(create).Code;
}
