using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenAi.Completions;

namespace LlamaHost.Server.Tests.OpenAi;

public sealed class FillInTheMiddleTests
{
    [Fact]
    public async Task The_tokens_are_found_by_their_spelling_and_put_around_the_texts()
    {
        Dictionary<string, int> vocabulary = new() { ["<fim_prefix>"] = 90, ["<fim_suffix>"] = 91, ["<fim_middle>"] = 92 };

        FillInTheMiddle marks = await FillInTheMiddle.FindAsync(
            text => Task.FromResult<IReadOnlyList<int>>(vocabulary.TryGetValue(text, out int id) ? [id] : [1, 2, 3]));

        Assert.Equal([7, 90, 1, 2, 91, 3, 92], marks.Compose([7], [1, 2], [3]));
    }

    [Fact]
    public async Task A_vocabulary_without_them_refuses_a_suffix_even_if_the_unknown_is_one_token()
    {
        ApiException error = await Assert.ThrowsAsync<ApiException>(
            () => FillInTheMiddle.FindAsync(_ => Task.FromResult<IReadOnlyList<int>>([0])));

        Assert.Equal((400, "suffix", ErrorCodes.UnsupportedByModel), (error.Status, error.Field, error.Code));
    }
}
