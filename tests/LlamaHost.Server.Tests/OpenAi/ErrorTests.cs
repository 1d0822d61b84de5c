using System.Text.Json.Nodes;
using LlamaHost.Runtime;
using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.OpenAi;

public sealed class ErrorTests(TinyServer server) : IClassFixture<TinyServer>
{
    [Fact]
    public async Task An_unknown_route_is_a_404_in_OpenAI_s_shape()
    {
        JsonNode error = await server.Client.OpenAiErrorAsync(404, "/v1/no-such-route", "{}");

        Assert.Equal("invalid_request_error", (string?)error["type"]);
        Assert.Equal("unknown_url", (string?)error["code"]);
        Assert.Contains("/v1/no-such-route", (string?)error["message"], StringComparison.Ordinal);
        Assert.Null(error["param"]);
    }

    [Fact]
    public async Task A_wrong_method_is_a_405_in_OpenAI_s_shape()
    {
        JsonNode error = await server.Client.OpenAiErrorAsync(405, "/v1/models", "{}");

        Assert.Equal("method_not_supported", (string?)error["code"]);
    }

    [Fact]
    public async Task Outside_of_v1_errors_stay_problem_documents()
    {
        JsonNode problem = await server.Client.RefusalAsync("/v1x", "{}");

        Assert.Equal("not_found", (string?)problem["code"]);
    }

    [Fact]
    public void An_overload_says_so_with_OpenAI_s_type_and_code()
    {
        var failure = new ModelUnavailableException("queue_full", "The queue is full.", isOverload: true, TimeSpan.FromSeconds(3));

        OpenAiError error = OpenAiErrors.Describe(ProblemResponse.ToApiException(failure)).Error;

        Assert.Equal(("requests", "rate_limit_exceeded", "The queue is full."), (error.Type, error.Code, error.Message));
    }

    [Fact]
    public void A_server_s_fault_is_a_server_error()
    {
        OpenAiError error = OpenAiErrors.Describe(ProblemResponse.ToApiException(new InvalidOperationException("secret"))).Error;

        Assert.Equal("server_error", error.Type);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }
}
