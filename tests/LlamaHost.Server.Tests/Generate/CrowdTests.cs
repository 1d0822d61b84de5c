using System.Globalization;
using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Server.Tests.Streaming;

namespace LlamaHost.Server.Tests.Generate;

/// <summary>
/// Many clients at once, against a KV cache that holds few of them. Alone, because the servers that other tests have in this process are on its heap.
/// </summary>
[Collection(typeof(AloneCollection))]
public sealed class CrowdTests(ITestOutputHelper output)
{
    private const int Clients = 64;

    // Heaps grow to their working size for a while, in steps, and sway around it; the least of some rounds grows for ever only with a leak.
    private const int Window = 10;
    private const int MostRounds = 200;
    private const long Slack = 1L << 20;

    // Below it, the order of additions in batches of different shapes may decide which of two tokens is the likelier.
    private const double NearTie = 1e-4;

    private static readonly string[] Words =
        ["Once", "upon", "a", "time", "the", "quick", "brown", "fox", "1,", "2,", "3,", "hello", "world.", "def", "add(a,", "b):", "être",
            "né", "🙂"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_answer_in_a_crowd_is_the_answer_given_alone_and_nothing_is_left_behind()
    {
        await using LocalServer server = await LocalServer.StartTinyAsync(
            "--LlamaHost:ContextLength=256", "--LlamaHost:KvCells=256", "--LlamaHost:MaxSequences=16", "--LlamaHost:BatchTokens=64",
            $"--LlamaHost:MaxOpenSequences={Clients}");
        int worker = (int)(await server.Client.WaitUntilReadyAsync())["worker_process_id"]!;
        var random = new Random(4);
        Visitor[] visitors = [.. Enumerable.Range(0, Clients).Select(_ => Visitor.Any(random))];
        JsonNode[][] alone = new JsonNode[Clients][];
        for (int i = 0; i < Clients; i++)
            alone[i] = await VisitAsync(server.Client, visitors[i] with { LeavesAfter = int.MaxValue });
        List<(long Host, long Worker)> memory = [];
        int nearTies = 0, whole = 0;
        while (!IsFlat([.. memory.Select(one => one.Host)]) || !IsFlat([.. memory.Select(one => one.Worker)]))
        {
            (int wholeNow, int nearTiesNow) = await CrowdAsync(server.Client, visitors, alone);
            (whole, nearTies) = (whole + wholeNow, nearTies + nearTiesNow);
            await AssertNobodyIsLeftAsync(server.Client);
            memory.Add((GC.GetTotalMemory(forceFullCollection: true), ResidentBytes(worker)));
            output.WriteLine($"after round {memory.Count}: host {memory[^1].Host >> 10} KiB managed, worker {memory[^1].Worker >> 10} KiB resident");
            Assert.True(memory.Count < MostRounds, $"still growing after {MostRounds} rounds; see the output");
        }
        output.WriteLine(
            $"{whole} answers taken whole, {Clients * memory.Count - whole} left early, {nearTies} of them different at a near-tie");
    }

    private static async Task<(int Whole, int NearTies)> CrowdAsync(GenerateClient client, Visitor[] visitors, JsonNode[][] alone)
    {
        JsonNode[][] crowded = await Task.WhenAll(visitors.Select(visitor => VisitAsync(client, visitor)));
        int[] all = [.. Enumerable.Range(0, visitors.Length)];
        return (all.Count(i => crowded[i].Length == alone[i].Length), all.Count(i => !AssertSame(alone[i], crowded[i], visitors[i])));
    }

    private static async Task<JsonNode[]> VisitAsync(GenerateClient client, Visitor visitor)
    {
        List<JsonNode> events = [];
        await foreach ((_, _, JsonNode data) in client.StreamAsync(visitor.Body, Cancellation))
        {
            events.Add(data);
            if (events.Count == visitor.LeavesAfter)
                break;
        }
        return [.. events];
    }

    // As many sequences as may be open at all are admitted only if none is open.
    private static Task AssertNobodyIsLeftAsync(GenerateClient client) => Eventually.TrueAsync("all sequences have ended", async () =>
    {
        using HttpResponseMessage response = await client.PostAsync(
            GenerateClient.Body(new { prompt = "a", num_return_sequences = Clients, max_new_tokens = 1, seed = 1 }));
        return response.IsSuccessStatusCode;
    });

    private static bool AssertSame(JsonNode[] alone, JsonNode[] crowded, Visitor visitor)
    {
        for (int i = 0; i < crowded.Length; i++)
        {
            if (Describe(alone[i]) == Describe(crowded[i]))
                continue;
            JsonArray best = alone[i]["top_logprobs"]?.AsArray()
                ?? throw new InvalidOperationException($"{visitor}: {crowded[i]} instead of {alone[i]}");
            double gap = (double)best[0]!["logprob"]! - (double)best[1]!["logprob"]!;
            Assert.True(gap < NearTie, $"{visitor}: event {i} is {crowded[i]} instead of {alone[i]}, although the gap is {gap}");
            return false;
        }
        return true;
    }

    private static string Describe(JsonNode one) => (string)one["type"]! switch
    {
        "token" => $"{one["id"]} '{one["text"]}'",
        "sequence" => $"{one["finish_reason"]} {one["stop_sequence"]} {one["generated_tokens"]} '{one["generated_text"]}'",
        string other => other,
    };

    private static bool IsFlat(long[] bytes) =>
        bytes.Length >= 2 * Window && bytes[^Window..].Min() <= bytes[^(2 * Window)..^Window].Min() + Slack;

    private static long ResidentBytes(int processId)
    {
        string line = File.ReadLines($"/proc/{processId}/status").Single(one => one.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }

    /// <summary>A request, and after how many events its client leaves.</summary>
    private sealed record Visitor(string Body, int LeavesAfter)
    {
        public static Visitor Any(Random random)
        {
            string prompt = string.Join(' ', Enumerable.Range(0, random.Next(1, 40)).Select(_ => Words[random.Next(Words.Length)]));
            string[] stop = random.Next(3) == 0 ? [" " + (char)random.Next('a', 'z' + 1), ((char)random.Next('A', 'Z' + 1)).ToString()] : [];
            int newTokens = random.Next(1, 80);
            string body = GenerateClient.Body(new { prompt, max_new_tokens = newTokens, stop, logprobs = 2 });
            return new Visitor(body, random.Next(4) == 0 ? random.Next(1, 30) : int.MaxValue);
        }
    }
}
