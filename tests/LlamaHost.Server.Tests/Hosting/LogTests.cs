using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Hosting;

public sealed class LogTests
{
    private const string Body = """{"prompt": "zebra crossing", "max_new_tokens": 3}""";

    [Fact]
    public async Task A_request_is_one_line_with_counts_and_times_and_without_its_prompt()
    {
        string log = await LogOfOneRequestAsync("--Serilog:MinimumLevel:Default=Verbose", "--Serilog:MinimumLevel:Override:Microsoft=Verbose");

        string line = Assert.Single(log.Split('\n'), line => line.Contains("new tokens;", StringComparison.Ordinal));
        Assert.Matches("""INF gen-\w+ tiny-llama: 1 prompts, 1 sequences, \d+ prompt tokens \(0 cached\), 3 new tokens; queue .* ms, prefill .* ms,"""
            + """ decode .* ms""", line);
        Assert.Matches(@"POST /generate answered 200 in [\d.]+ ms \(req_\w+\)", log);
        Assert.DoesNotContain("zebra", log, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Prompts_are_logged_if_the_operator_asks_for_them() =>
        Assert.Contains("tiny-llama prompt: zebra crossing", await LogOfOneRequestAsync("--Server:LogPrompts=true"), StringComparison.Ordinal);

    [Fact]
    public async Task A_completion_has_its_line_under_the_answer_s_id()
    {
        await using ServerProcess server = await ServerProcess.StartTinyAsync();
        await server.Client.WaitUntilReadyAsync();
        JsonNode answer = await server.Client.AskAsync("/v1/completions", new { prompt = "zebra", n = 2, max_tokens = 3, ignore_eos = true });

        string line = $"{answer["id"]} tiny-llama: 1 prompts, 2 sequences, {answer["usage"]!["prompt_tokens"]} prompt tokens (0 cached), "
            + "6 new tokens;";
        await Eventually.TrueAsync("it is in the log", () => Task.FromResult(server.Output.Contains(line, StringComparison.Ordinal)));
        Assert.DoesNotContain("zebra", server.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_client_that_leaves_is_no_error()
    {
        await using ServerProcess server = await ServerProcess.StartTinyAsync();
        await server.Client.WaitUntilReadyAsync();
        const string Work = """{"prompt": "1, 2, 3", "max_new_tokens": 400, "min_new_tokens": 400, "num_return_sequences": 8}""";

        await foreach ((_, _, _) in server.Client.StreamAsync(Work, TestContext.Current.CancellationToken))
            break;
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<JsonNode> waiting = server.Client.GenerateUntilAsync(Work, impatient.Token);
        await Eventually.TrueAsync("the first has ended", () => Task.FromResult(server.Output.Contains("the client left", StringComparison.Ordinal)));
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Eventually.TrueAsync("both have ended", () => Task.FromResult(server.Output.Split("POST /generate answered").Length == 3));

        Assert.DoesNotContain(" ERR ", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" WRN ", server.Output, StringComparison.Ordinal);
        Assert.Contains("answered 499", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_with_choices_that_does_not_come_to_its_end_says_why()
    {
        await using ServerProcess server = await ServerProcess.StartTinyAsync(
            "--Server:LogPrompts=true", "--Server:DrainTimeout=00:00:00.2", "--LlamaHost:MaxSequences=1", "--LlamaHost:BatchTokens=16");
        await server.Client.WaitUntilReadyAsync();
        string work = GenerateClient.Body(new
        {
            prompt = "1, 2, 3",
            choices = Enumerable.Range(0, 256).Select(one => $"{one} {string.Concat(Enumerable.Repeat("one two ", 30))}"),
        });
        Task Begun(int requests) => Eventually.TrueAsync(
            "scoring has begun", () => Task.FromResult(server.Output.Split("tiny-llama prompt: 1, 2, 3").Length == requests + 1));

        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task<JsonNode> left = server.Client.GenerateUntilAsync(work, impatient.Token);
        await Begun(1);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await Eventually.TrueAsync("it is noted", () => Task.FromResult(
            server.Output.Contains("the client left after 0 new tokens; its 1 sequences are cancelled", StringComparison.Ordinal)));

        Task<JsonNode> cut = server.Client.RefusalAsync("/generate", work);
        await Begun(2);
        await server.TerminateAsync();
        Assert.Equal("shutting_down", (string?)(await cut)["code"]);
        await server.WaitForExitAsync();
        Assert.Contains("1 sequences failed after 0 new tokens: The server is shutting down.", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" ERR ", server.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Server:MaxRequestBodyBytes=5", "MaxRequestBodyBytes")]
    [InlineData("--Server:StreamHeartbeat=00:00:00", "StreamHeartbeat")]
    [InlineData("--LlamaHost:MaxOpenSequences=0", "MaxOpenSequences")]
    [InlineData("--LlamaHost:BatchTokens=64", "BatchTokens is 64; it must be more than MaxSequences, which is 64.")]
    public async Task A_setting_that_cannot_be_is_named_at_start(string setting, string name)
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.StartTinyAsync(setting));

        string last = error.Message.TrimEnd().Split('\n')[^1];
        Assert.Contains(name, last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_named_at_start()
    {
        await using ServerProcess first = await ServerProcess.StartTinyAsync();

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ServerProcess.StartTinyAsync($"--urls={first.Address}"));

        string last = error.Message.TrimEnd().Split('\n')[^1];
        Assert.Contains("address already in use", last, StringComparison.Ordinal);
        Assert.Contains("--urls", last, StringComparison.Ordinal);
    }

    private static async Task<string> LogOfOneRequestAsync(params string[] settings)
    {
        await using ServerProcess server = await ServerProcess.StartTinyAsync(settings);
        await server.Client.WaitUntilReadyAsync();
        await server.Client.GenerateAsync(Body);
        await server.TerminateAsync();
        await server.WaitForExitAsync();
        return server.Output;
    }
}
