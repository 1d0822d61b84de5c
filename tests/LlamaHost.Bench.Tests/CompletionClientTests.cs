using System.Net;
using System.Net.Sockets;
using System.Text;
using LlamaHost.Bench.Serving;

namespace LlamaHost.Bench.Tests;

/// <summary>Answers as servers give them, from a socket that says just that.</summary>
public sealed class CompletionClientTests
{
    private const string LlamaServerToken = """{"index":0,"content":" a","tokens":[5],"stop":false}""";
    private const string LlamaServerEnd =
        """{"index":0,"content":"","tokens":[],"stop":true,"tokens_predicted":2,"tokens_evaluated":3,"timings":{"cache_n":1}}""";

    private const string HostToken = """{"type":"token","prompt_index":0,"index":0,"id":5,"text":" a"}""";
    private const string HostEnd = """{"type":"done","usage":{"prompt_tokens":3,"generated_tokens":2,"cached_tokens":1}}""";

    private const string OpenAiToken = """{"choices":[{"text":" a","index":0,"finish_reason":null}]}""";
    private const string OpenAiEnd =
        """{"choices":[],"usage":{"completion_tokens":2,"prompt_tokens":3,"prompt_tokens_details":{"cached_tokens":1}}}""";

    [Theory]
    [InlineData("llamahost", HostToken, HostEnd)]
    [InlineData("llama-server", LlamaServerToken, LlamaServerEnd)]
    [InlineData("openai", OpenAiToken, OpenAiEnd)]
    public async Task Tokens_and_counts_are_read_from_the_stream(string dialect, string token, string end)
    {
        Completion completion = await AskAsync(dialect, $": comment\n\ndata: {token}\n\nevent: x\ndata: {token}\n\ndata: {end}\n\ndata: [DONE]\n\n");

        Assert.Null(completion.Error);
        Assert.Equal((2, 3, 1, 2), (completion.NewTokens, completion.PromptTokens, completion.CachedTokens, completion.Arrivals.Count));
        Assert.True(completion.TimeToFirstToken > TimeSpan.Zero && completion.Duration >= completion.TimeToFirstToken);
    }

    [Fact]
    public async Task Too_few_tokens_are_a_failure()
    {
        string end = HostEnd.Replace("\"generated_tokens\":2", "\"generated_tokens\":1", StringComparison.Ordinal);

        Completion completion = await AskAsync("llamahost", $"data: {HostToken}\n\ndata: {end}\n\n");

        Assert.Equal("1 tokens instead of 2", completion.Error);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_is_a_failure() =>
        Assert.Equal("0 tokens instead of 2", (await AskAsync("llama-server", $"data: {LlamaServerToken}\n\n")).Error);

    [Fact]
    public async Task An_error_in_the_stream_is_a_failure()
    {
        Completion completion = await AskAsync("llamahost", """data: {"type":"error","code":"worker_lost"}""" + "\n\n");

        Assert.Contains("worker_lost", completion.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_a_failure_with_its_reason() =>
        Assert.Equal("429: full", (await AskAsync("openai", "full", status: "429 Too Many Requests")).Error);

    private static async Task<Completion> AskAsync(string dialect, string body, string status = "200 OK")
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new CompletionClient(Target.Parse($"it={dialect}:http://{listener.LocalEndpoint}"));
        Task<Completion> answer = client.CompleteAsync(new CompletionRequest { PromptTokens = [1, 2, 3], NewTokens = 2 }, cancellationToken);
        using (Socket socket = await listener.AcceptSocketAsync(cancellationToken))
        {
            await ReadRequestAsync(socket, cancellationToken);
            await socket.SendAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nConnection: close\r\n\r\n{body}"), cancellationToken);
            socket.Shutdown(SocketShutdown.Send);
            return await answer;
        }
    }

    // A socket that is closed with unread bytes resets the connection.
    private static async Task ReadRequestAsync(Socket socket, CancellationToken cancellationToken)
    {
        var request = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!request.ToString().EndsWith('}'))
            request.Append(Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, cancellationToken)));
    }
}
