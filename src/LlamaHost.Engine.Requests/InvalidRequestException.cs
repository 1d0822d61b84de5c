namespace LlamaHost.Engine.Requests;

/// <summary>The client asked for something that can't be done; no retry will help.</summary>
/// <param name="code">Stable, machine-readable, lower_snake_case, such as <c>context_length_exceeded</c>.</param>
/// <param name="field">Name of the request's field in Hugging Face's terms, or <see langword="null"/> if it concerns no single one.</param>
/// <param name="message">One sentence that says what is wrong and, where there are limits, both numbers.</param>
public sealed class InvalidRequestException(string code, string? field, string message) : Exception(message)
{
    /// <summary>Stable, machine-readable code.</summary>
    public string Code { get; } = code;

    /// <summary>The field concerned, or <see langword="null"/>.</summary>
    public string? Field { get; } = field;
}
