using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;

namespace LlamaHost.Server.Generate.Prompts;

/// <summary>Turns a request's texts into tokens of a model, and its tokens into text.</summary>
/// <param name="runtime">Asks the model's worker.</param>
/// <param name="model">The model.</param>
/// <param name="hasEncoder">Whether an encoder reads the prompts.</param>
internal sealed class RequestTokenizer(InferenceRuntime runtime, ModelEntry model, bool hasEncoder)
{
    // Any text that is a token of its own in front of others: a word after it is not at the beginning of a text, where SentencePiece would add a
    // space.
    private const string Before = "\n";

    private Task<IReadOnlyList<int>>? _before;

    /// <summary>Everything of the request that has to be tokenised.</summary>
    public async Task<TokenizedRequest> TokenizeAsync(GenerateRequest request, CancellationToken cancellationToken) => new()
    {
        Prompts = await PromptsAsync(request, cancellationToken),
        BadWords = await BadWordsAsync(request.BadWords, cancellationToken),
        DryBreakers = await Task.WhenAll(request.EffectiveDryBreakers.Select(one => InsideAsync(one, cancellationToken))),
        NegativePrompt = request.NegativePrompt is { Length: > 0 } text ? await PromptAsync(text, cancellationToken) : [],
    };

    private async Task<IReadOnlyList<TokenizedPrompt>> PromptsAsync(GenerateRequest request, CancellationToken cancellationToken)
    {
        if (request.PromptTokenIds is { } prompts)
        {
            return await Task.WhenAll(prompts.Select(async ids => new TokenizedPrompt(
                (await runtime.DetokenizeAsync(model, ids, request.SkipSpecialTokens, cancellationToken)).Text, ids)
            {
                Choices = await ChoicesAsync(request, async choice => [.. ids, .. await InsideAsync(choice, cancellationToken)], cancellationToken),
            }));
        }
        IReadOnlyList<string> texts = request.Template is null ? request.Prompts : [AlpacaTemplate.Apply(request.Instruction!, request.Input)];
        return await Task.WhenAll(texts.Select(async text => new TokenizedPrompt(text, await PromptAsync(text, cancellationToken))
        {
            Choices = await ChoicesAsync(request, choice => PromptAsync(text + choice, cancellationToken), cancellationToken),
        }));
    }

    private async Task<IReadOnlyList<IReadOnlyList<int>>> ChoicesAsync(
        GenerateRequest request, Func<string, Task<IReadOnlyList<int>>> withPrompt, CancellationToken cancellationToken) =>
        await Task.WhenAll((request.Choices ?? []).Select(choice => hasEncoder ? PromptAsync(choice, cancellationToken) : withPrompt(choice)));

    // Hugging Face's users tokenise each word with and without a space before it, because it is another token at the beginning of a word than within
    // one.
    private async Task<IReadOnlyList<IReadOnlyList<int>>> BadWordsAsync(IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        IReadOnlyList<int>[] forms = await Task.WhenAll(words.SelectMany(word => (Task<IReadOnlyList<int>>[])
            [PartAsync(word, cancellationToken), PartAsync(" " + word, cancellationToken), InsideAsync(word, cancellationToken)]));
        return [.. forms.Where(form => form.Count > 0).DistinctBy(form => string.Join(' ', form))];
    }

    // Tokens of a text that stands within another.
    private async Task<IReadOnlyList<int>> InsideAsync(string text, CancellationToken cancellationToken)
    {
        IReadOnlyList<int> before = await (_before ??= PartAsync(Before, cancellationToken));
        IReadOnlyList<int> both = await PartAsync(Before + text, cancellationToken);
        return both.Count > before.Count && both.Take(before.Count).SequenceEqual(before)
            ? [.. both.Skip(before.Count)]
            : await PartAsync(text, cancellationToken);
    }

    private Task<IReadOnlyList<int>> PromptAsync(string text, CancellationToken cancellationToken) =>
        runtime.TokenizeAsync(model, text, addSpecial: true, parseSpecial: true, cancellationToken);

    private Task<IReadOnlyList<int>> PartAsync(string text, CancellationToken cancellationToken) =>
        runtime.TokenizeAsync(model, text, addSpecial: false, parseSpecial: true, cancellationToken);
}
