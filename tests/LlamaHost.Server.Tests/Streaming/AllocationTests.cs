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
    private const int BytesPerToken = 1750;
    private const int Streams = 40;
    private const int Short = 8, Long = 88;

    private readonly byte[] _answer = new byte[64 * 1024];

    [Fact]
    public async Task A_streamed_token_costs_the_host_little_memory()
    {
        await using LocalServer server = await LocalServer.StartTinyAsync();
        int port = server.Client.Address.Port;
        Measure(port, Long);

        // What a request costs by itself is in both. What the runtime, or a fixture that ends late, allocates at the same time is no token's: the
        // least counts.
        long perToken = Enumerable.Range(0, 3).Min(_ => (Measure(port, Long) - Measure(port, Short)) / (Streams * (Long - Short)));

        Assert.InRange(perToken, 1, BytesPerToken);
    }

    private long Measure(int port, int tokens)
    {
        byte[] request = Request(tokens);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < Streams; i++)
        {
            int length = Answer(port, request);
            Assert.True(_answer.AsSpan(0, length).IndexOf("event: done"u8) > 0);
            Assert.Equal(tokens, _answer.AsSpan(0, length).Count("event: token"u8));
        }
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    // A client that allocates nothing for a token.
    private int Answer(int port, byte[] request)
    {
        using var client = new TcpClient("127.0.0.1", port);
        client.Client.Send(request);
        int length = 0;
        for (int read = -1; read != 0; length += read)
            read = client.Client.Receive(_answer.AsSpan(length));
        return length;
    }

    private static byte[] Request(int tokens)
    {
        string body = GenerateClient.Body(new { prompt = "a", min_new_tokens = tokens, max_new_tokens = tokens, stream = true });
        return Encoding.ASCII.GetBytes("POST /generate HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
    }
}
