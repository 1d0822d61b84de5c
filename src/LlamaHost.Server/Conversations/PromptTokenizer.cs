using LlamaHost.Chat;
using LlamaHost.Engine.Requests;
using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;

namespace LlamaHost.Server.Conversations;

/// <summary>Token ids of a rendered conversation: control tokens where the template wrote them, and nowhere else.</summary>
internal sealed class PromptTokenizer(InferenceRuntime runtime)
{
    /// <summary>Tokenises a prompt. The begin token is there once, if the model wants it or the template wrote it.</summary>
    public async Task<IReadOnlyList<int>> TokenizeAsync(
        ModelEntry model, ModelDescription description, RenderedPrompt prompt, CancellationToken cancellationToken)
    {
        string[] names = [.. description.ControlTokens.Select(token => token.Text)];
        PromptPiece[] pieces = [.. prompt.Cut(names)];
        // Nobody but the template wrote anything that looks like a control token: the tokeniser finds the same ones, and at once.
        IReadOnlyList<int> tokens = pieces.Any(piece => !piece.IsControlToken && HoldsAny(piece.Text, names))
            ? await InPiecesAsync(model, description, pieces, cancellationToken)
            : await runtime.TokenizeAsync(model, prompt.Text, addSpecial: false, parseSpecial: true, cancellationToken);
        return description is { AddsBosToken: true, BosTokenId: { } begin } && (tokens.Count == 0 || tokens[0] != begin)
            ? [begin, .. tokens]
            : tokens;
    }

    private async Task<IReadOnlyList<int>> InPiecesAsync(
        ModelEntry model, ModelDescription description, PromptPiece[] pieces, CancellationToken cancellationToken)
    {
        Dictionary<string, int> ids = new(StringComparer.Ordinal);
        foreach (ControlToken token in description.ControlTokens)
            ids.TryAdd(token.Text, token.Id);
        // Between control tokens a tokeniser begins anew, so texts can go one by one.
        IReadOnlyList<int>[] parts = await Task.WhenAll(pieces.Select(piece => piece.IsControlToken
            ? Task.FromResult<IReadOnlyList<int>>([ids[piece.Text]])
            : runtime.TokenizeAsync(model, piece.Text, addSpecial: false, parseSpecial: false, cancellationToken)));
        return [.. parts.SelectMany(part => part)];
    }

    private static bool HoldsAny(string text, string[] names) => names.Any(name => text.Contains(name, StringComparison.Ordinal));
}
