using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.OpenAi.Completions;

/// <summary>Turns a request's prompts into tokens of a model.</summary>
internal sealed class CompletionTokenizer(InferenceRuntime runtime, ModelEntry model)
{
    /// <summary>The prompts, in order.</summary>
    /// <exception cref="ApiException"><c>unsupported_by_model</c>: a suffix, for a model that can't fill in.</exception>
    public async Task<IReadOnlyList<CompletionPrompt>> TokenizeAsync(CompletionRequest request, CancellationToken cancellationToken)
    {
        if (request.Suffix is { Length: > 0 } suffix)
            return await FillInAsync(request, suffix, cancellationToken);
        return await Task.WhenAll(request.Prompts.Select(async prompt => prompt.Tokens is { } tokens
            ? new CompletionPrompt(await TextOfAsync(request, tokens, cancellationToken), tokens)
            : new CompletionPrompt(prompt.Text!, await IdsAsync(prompt.Text!, addSpecial: true, parseSpecial: true, cancellationToken))));
    }

    private async Task<string> TextOfAsync(CompletionRequest request, IReadOnlyList<int> tokens, CancellationToken cancellationToken) =>
        request.Echo ? (await runtime.DetokenizeAsync(model, tokens, request.Sampling.SkipSpecialTokens, cancellationToken)).Text : "";

    private async Task<IReadOnlyList<CompletionPrompt>> FillInAsync(CompletionRequest request, string suffix, CancellationToken cancellationToken)
    {
        FillInTheMiddle marks = await FillInTheMiddle.FindAsync(
            mark => IdsAsync(mark, addSpecial: false, parseSpecial: true, cancellationToken));
        IReadOnlyList<int> begin = await IdsAsync("", addSpecial: true, parseSpecial: false, cancellationToken);
        IReadOnlyList<int> after = await IdsAsync(suffix, addSpecial: false, parseSpecial: false, cancellationToken);
        return await Task.WhenAll(request.Prompts.Select(async prompt => new CompletionPrompt(
            prompt.Text!, marks.Compose(begin, await IdsAsync(prompt.Text!, addSpecial: false, parseSpecial: false, cancellationToken), after))));
    }

    private Task<IReadOnlyList<int>> IdsAsync(string text, bool addSpecial, bool parseSpecial, CancellationToken cancellationToken) =>
        runtime.TokenizeAsync(model, text, addSpecial, parseSpecial, cancellationToken);
}
