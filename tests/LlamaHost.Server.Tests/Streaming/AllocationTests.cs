using System.Net.Sockets;
using System.Text;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Streaming;

/// <summary>What this process allocates for others is nobody's: nothing else may run.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneCollection;

[Collection(typeof(AloneCollection))]
public sealed class AllocationTests
{
    private const int Streams = 40;
    private const int Short = 8, Long = 88;

    private readonly byte[] _answer = new byte[64 * 1024];

    [Theory]
    [InlineData("/generate", """{ "prompt": "a", "stream": true, "min_new_tokens": N, "max_new_tokens": N }""", 1024)]
    [InlineData(
        "/v1/completions",
        """{ "prompt": "a", "stream": true, "ignore_eos": true, "max_tokens": N, "stream_options": { "include_usage": true } }""", 1200)]
    [InlineData(
        "/v1/chat/completions",
        """
        {
          "messages": [{ "role": "user", "content": "a" }], "stream": true, "ignore_eos": true, "max_tokens": N,
          "stream_options": { "include_usage": true }
        }
        """, 1900)]
    public async Task A_streamed_token_costs_the_host_little_memory(string path, string body, int most)
    {
        await using LocalServer server = await LocalServer.StartTinyAsync("--LlamaHost:ChatTemplate=chatml");
        int port = server.Client.Address.Port;
        Measure(port, path, body, Long);

        // What a request costs by itself is in both. What the runtime, or a fixture that ends late, allocates at the same time is no token's: the
        // least counts.
        long perToken = Enumerable.Range(0, 3)
            .Min(_ => (Measure(port, path, body, Long) - Measure(port, path, body, Short)) / (Streams * (Long - Short)));

        Assert.InRange(perToken, 1, most);
    }

    private long Measure(int port, string path, string body, int tokens)
    {
        byte[] request = Request(path, body.Replace("N", $"{tokens}", StringComparison.Ordinal));
        byte[] usage = Encoding.ASCII.GetBytes($"_tokens\":{tokens},");
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < Streams; i++)
        {
            int length = Answer(port, request);
            Assert.True(_answer.AsSpan(0, length).IndexOf(usage) > 0);
        }
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    // A client that allocates nothing for a token.
    private int Answer(int port, byte[] request)
    {
        using var client = new TcpClient("127.0.0.1", port);
        client.Client.Send(request);
        int length = 0;
        for (int read = -1; read != 0; length += Math.Max(0, read))
            read = client.Client.Receive(_answer.AsSpan(length));
        return length;
    }

    private static byte[] Request(string path, string body) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
}
