namespace LlamaHost.Server.Errors;

/// <summary>The request can't be answered as asked; becomes a problem document (RFC 9457).</summary>
/// <param name="status">HTTP status, 400–599.</param>
/// <param name="code">Stable, machine-readable, lower_snake_case; see <see cref="ErrorCodes"/>.</param>
/// <param name="field">The request's field concerned, or <see langword="null"/> if it concerns no single one.</param>
/// <param name="detail">One sentence that says what is wrong and, where there are limits, both numbers.</param>
internal sealed class ApiException(int status, string code, string? field, string detail) : Exception(detail)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Stable, machine-readable code.</summary>
    public string Code { get; } = code;

    /// <summary>The field concerned, or <see langword="null"/>.</summary>
    public string? Field { get; } = field;

    /// <summary>When another try makes sense, if ever.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A 400.</summary>
    public static ApiException BadRequest(string code, string? field, string detail) =>
        new(StatusCodes.Status400BadRequest, code, field, detail);
}
