namespace LlamaHost.Server.Score;

/// <summary>The body of <c>POST /score</c> as sent. <see cref="ScoreParameters"/> says what each field means.</summary>
internal sealed class ScoreRequest
{
    public string? Model { get; set; }

    public IReadOnlyList<string>? Texts { get; set; }

    public string? Prompt { get; set; }

    public IReadOnlyList<string>? Continuations { get; set; }

    public int TopLogprobs { get; set; }

    public int? Stride { get; set; }
}
