using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlamaHost.Server.Tests.Http;

/// <summary>Speaks to a server as its users do.</summary>
internal sealed class GenerateClient(Uri address) : IDisposable
{
    // Without the drain size, a client that leaves would go on reading for a while to save its connection.
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256, MaxResponseDrainSize = 0 })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromMinutes(5),
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public Uri Address => _http.BaseAddress!;

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path, Cancellation);

    public Task<HttpResponseMessage> DeleteAsync(string path) => _http.DeleteAsync(path, Cancellation);

    public Task<string> GetTextAsync(string path) => _http.GetStringAsync(path, Cancellation);

    public async Task<JsonNode> GetJsonAsync(string path) => JsonNode.Parse(await _http.GetStringAsync(path, Cancellation))!;

    /// <summary>Sends a body; with a stream's media type, returns as soon as the headers are there.</summary>
    public Task<HttpResponseMessage> PostAsync(string body, string? accept = null) => PostAsync(Encoding.UTF8.GetBytes(body), accept);

    public Task<HttpResponseMessage> PostAsync(byte[] body, string? accept = null, string? contentType = "application/json", bool isChunked = false)
    {
        HttpRequestMessage request = Request(body, accept, contentType);
        request.Headers.TransferEncodingChunked = isChunked;
        return SendAsync(request, Cancellation);
    }

    private Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => _http.SendAsync(
        request, request.Headers.Accept.Count == 0 ? HttpCompletionOption.ResponseContentRead : HttpCompletionOption.ResponseHeadersRead,
        cancellationToken);

    private static HttpRequestMessage Request(byte[] body, string? accept, string? contentType, string path = "/generate")
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (accept is not null)
            request.Headers.Accept.ParseAdd(accept);
        return request;
    }

    /// <summary>Sends a body to another operation.</summary>
    public Task<HttpResponseMessage> PostToAsync(string path, string body, string? accept = null) =>
        SendAsync(Request(Encoding.UTF8.GetBytes(body), accept, "application/json", path), Cancellation);

    /// <summary>The answer of an operation that must succeed.</summary>
    public async Task<JsonNode> AskAsync(string path, object body)
    {
        using HttpResponseMessage response = await PostToAsync(path, body as string ?? Body(body));
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>The problem document of an operation that must fail.</summary>
    public async Task<JsonNode> RefusalAsync(string path, object body)
    {
        using HttpResponseMessage response = await PostToAsync(path, body as string ?? Body(body));
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(text)!;
    }

    /// <summary>The error, in OpenAI's shape, of an operation that must fail with this status.</summary>
    public async Task<JsonNode> OpenAiErrorAsync(int status, string path, object body)
    {
        using HttpResponseMessage response = await PostToAsync(path, body as string ?? Body(body));
        return await OpenAiErrorOf(status, response);
    }

    /// <summary>The error, in OpenAI's shape, of an answer that must be one with this status.</summary>
    public static async Task<JsonNode> OpenAiErrorOf(int status, HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        JsonObject error = JsonNode.Parse(text)!["error"]!.AsObject();
        Assert.Equal(["message", "type", "param", "code"], error.Select(one => one.Key));
        return error;
    }

    /// <summary>The answer to a request that must succeed.</summary>
    public Task<JsonNode> GenerateAsync(string body) => GenerateUntilAsync(body, Cancellation);

    /// <summary>The answer to a request that must succeed, unless its client leaves before.</summary>
    public async Task<JsonNode> GenerateUntilAsync(string body, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(Request(Encoding.UTF8.GetBytes(body), null, "application/json"), cancellationToken);
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>The events of a stream of server-sent events, as an independent parser sees them.</summary>
    public async IAsyncEnumerable<(string Id, string Name, JsonNode Data)> StreamAsync(
        string body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await PostAsync(body, "text/event-stream");
        Assert.True(response.IsSuccessStatusCode, response.StatusCode.ToString());
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        SseParser<string> parser = SseParser.Create(stream, (_, data) => Encoding.UTF8.GetString(data));
        await foreach (SseItem<string> item in parser.EnumerateAsync(cancellationToken))
            yield return (item.EventId ?? "", item.EventType, JsonNode.Parse(item.Data)!);
    }

    /// <summary>The values of a stream of JSON lines.</summary>
    public async Task<JsonNode[]> LinesAsync(string body)
    {
        using HttpResponseMessage response = await PostAsync(body, "application/x-ndjson");
        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return [.. text[..^1].Split('\n').Select(line => JsonNode.Parse(line)!)];
    }

    /// <summary>Whether the server is ready, and what it says about that.</summary>
    public async Task<(bool IsReady, JsonNode Report)> ReadinessAsync()
    {
        using HttpResponseMessage response = await GetAsync("/health/ready");
        return (response.IsSuccessStatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!);
    }

    /// <summary>Waits until the server is ready and returns the default model's part of the report.</summary>
    public async Task<JsonNode> WaitUntilReadyAsync() => await Eventually.GetAsync("the server is ready", async () =>
    {
        (bool isReady, JsonNode report) = await ReadinessAsync();
        return isReady ? report["models"]![0] : null;
    });

    public void Dispose() => _http.Dispose();

    /// <summary>A JSON body.</summary>
    public static string Body(object value) => JsonSerializer.Serialize(value);
}
