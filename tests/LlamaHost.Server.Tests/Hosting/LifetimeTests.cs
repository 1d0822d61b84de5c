using System.Net;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Hosting;

/// <summary>How the server and its worker end, and what survives what.</summary>
public sealed class LifetimeTests
{
    private const string Long = """{"prompt": "1, 2, 3", "max_new_tokens": 400, "min_new_tokens": 400}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_worker_turns_readiness_red_and_another_one_turns_it_green_again()
    {
        await using LocalServer server = await LocalServer.StartTinyAsync();
        int worker = await WorkerAsync(server.Client);

        await ServerProcess.SignalAsync("KILL", worker);

        JsonNode report = await Eventually.GetAsync("readiness is red", async () =>
        {
            (bool isReady, JsonNode report) = await server.Client.ReadinessAsync();
            return isReady ? null : report;
        });
        Assert.False(string.IsNullOrEmpty((string?)report["reason"]));
        JsonNode model = await server.Client.WaitUntilReadyAsync();
        Assert.NotEqual(worker, (int)model["worker_process_id"]!);
        Assert.Equal(1, (int)model["restarts"]!);
        await server.Client.GenerateAsync("""{"prompt": "Hello", "max_new_tokens": 2}""");
    }

    [Fact]
    public async Task A_request_survives_the_death_of_its_worker_unnoticed()
    {
        await using LocalServer server = await LocalServer.StartTinyAsync();
        JsonNode undisturbed = await server.Client.GenerateAsync(Long);
        List<JsonNode> events = [];
        await foreach ((_, _, JsonNode data) in server.Client.StreamAsync(Long, Cancellation))
        {
            events.Add(data);
            if (events.Count == 20)
                await ServerProcess.SignalAsync("KILL", await WorkerAsync(server.Client));
        }

        Assert.Equal((string)undisturbed["sequences"]![0]!["generated_text"]!, (string)events[^2]["generated_text"]!);
        Assert.Equal(402, events.Count);
    }

    [Fact]
    public async Task No_worker_is_left_when_the_server_is_killed()
    {
        await using ServerProcess server = await ServerProcess.StartTinyAsync();
        await server.Client.WaitUntilReadyAsync();
        int worker = await WorkerAsync(server.Client);
        Assert.True(ServerProcess.IsRunning(worker));

        server.Kill();

        await Eventually.TrueAsync("the worker has ended", () => Task.FromResult(!ServerProcess.IsRunning(worker)));
    }

    [Fact]
    public async Task SIGTERM_lets_running_requests_end_and_refuses_new_ones()
    {
        await using ServerProcess server = await ServerProcess.StartTinyAsync("--LlamaHost:MaxSequences=1", "--LlamaHost:BatchTokens=16");
        await server.Client.WaitUntilReadyAsync();
        int worker = await WorkerAsync(server.Client);
        // One after the other: enough work to last while the test looks around.
        const string Work = """{"prompt": "1, 2, 3", "max_new_tokens": 400, "min_new_tokens": 400, "num_return_sequences": 12, "seed": 1}""";
        await using IAsyncEnumerator<(string Id, string Name, JsonNode Data)> running = server.Client.StreamAsync(Work, Cancellation)
            .GetAsyncEnumerator(Cancellation);
        Assert.True(await running.MoveNextAsync());

        await server.TerminateAsync();

        await Eventually.TrueAsync("readiness is red", async () => !(await server.Client.ReadinessAsync()).IsReady);
        using (HttpResponseMessage refused = await server.Client.PostAsync("""{"prompt": "a"}"""))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Equal("shutting_down", (string?)JsonNode.Parse(await refused.Content.ReadAsStringAsync(Cancellation))!["code"]);
        }
        string last = "";
        while (await running.MoveNextAsync())
            last = running.Current.Name;
        Assert.Equal("done", last);
        Assert.Equal(0, await server.WaitForExitAsync());
        await Eventually.TrueAsync("the worker has ended", () => Task.FromResult(!ServerProcess.IsRunning(worker)));
    }

    [Fact]
    public async Task Requests_that_outlast_the_drain_are_told_so()
    {
        await using ServerProcess server = await ServerProcess.StartTinyAsync(
            "--LlamaHost:MaxSequences=1", "--LlamaHost:BatchTokens=16", "--Server:DrainTimeout=00:00:00.2");
        await server.Client.WaitUntilReadyAsync();
        const string Work = """{"prompt": "1, 2, 3", "max_new_tokens": 500, "min_new_tokens": 500, "num_return_sequences": 200, "seed": 1}""";
        List<JsonNode> events = [];
        await foreach ((_, _, JsonNode data) in server.Client.StreamAsync(Work, Cancellation))
        {
            events.Add(data);
            if (events.Count == 1)
                await server.TerminateAsync();
        }

        Assert.Equal(("error", "shutting_down", 503), ((string?)events[^1]["type"], (string?)events[^1]["code"], (int?)events[^1]["status"]));
        Assert.Equal(0, await server.WaitForExitAsync());
    }

    [Fact]
    public async Task A_client_that_leaves_frees_its_sequences()
    {
        await using LocalServer server = await LocalServer.StartTinyAsync("--LlamaHost:MaxOpenSequences=8");
        const string Work = """{"prompt": "1, 2, 3", "max_new_tokens": 500, "min_new_tokens": 500, "num_return_sequences": 8, "seed": 1}""";
        const string Eight = """{"prompt": "a", "max_new_tokens": 1, "num_return_sequences": 8, "seed": 1}""";

        await foreach ((_, string name, _) in server.Client.StreamAsync(Work, Cancellation))
        {
            Assert.Equal("token", name);
            using HttpResponseMessage full = await server.Client.PostAsync(Eight);
            Assert.Equal(HttpStatusCode.TooManyRequests, full.StatusCode);
            Assert.True(full.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
            Assert.Equal("queue_full", (string?)JsonNode.Parse(await full.Content.ReadAsStringAsync(Cancellation))!["code"]);
            break;
        }

        await Eventually.TrueAsync("there is room again", async () =>
        {
            using HttpResponseMessage response = await server.Client.PostAsync(Eight);
            return response.IsSuccessStatusCode;
        });
    }

    private static async Task<int> WorkerAsync(GenerateClient client) => (int)(await client.WaitUntilReadyAsync())["worker_process_id"]!;
}
