using LlamaHost.Engine.Requests;
using LlamaHost.Runtime;
using LlamaHost.Server.Errors;

namespace LlamaHost.Server.Tests.Errors;

public sealed class ProblemResponseTests
{
    public static TheoryData<Exception, int, string, string?> Exceptions => new()
    {
        { ApiException.BadRequest("wrong_type", "top_k", "why"), 400, "wrong_type", "top_k" },
        { new InvalidRequestException("context_length_exceeded", "prompt", "why"), 400, "context_length_exceeded", "prompt" },
        { new InvalidRequestException("model_not_found", "model", "why"), 404, "model_not_found", "model" },
        { new ModelUnavailableException("queue_full", "why", isOverload: true, TimeSpan.FromSeconds(2)), 429, "queue_full", null },
        { new ModelUnavailableException("worker_lost", "why", isOverload: false, TimeSpan.FromSeconds(2)), 503, "worker_lost", null },
        { new BadHttpRequestException("why", 413), 413, "body_too_large", null },
        { new BadHttpRequestException("why", 408), 408, "bad_request", null },
        { new InvalidOperationException("secret"), 500, "internal_error", null },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void Each_failure_has_its_status_code_and_field(Exception failure, int status, string code, string? field)
    {
        ApiException error = ProblemResponse.ToApiException(failure);

        Assert.Equal((status, code, field), (error.Status, error.Code, error.Field));
        Assert.Equal(failure is ModelUnavailableException, error.RetryAfter is not null);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
