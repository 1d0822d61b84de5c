namespace LlamaHost.Server.OpenAi.Completions;

/// <summary>A prompt for a model.</summary>
/// <param name="Text">Its text, as <c>echo</c> gives it back.</param>
/// <param name="Tokens">Its tokens, special ones included.</param>
internal sealed record CompletionPrompt(string Text, IReadOnlyList<int> Tokens);
