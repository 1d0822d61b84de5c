using LlamaHost.Server.Streaming;

namespace LlamaHost.Server.Tests.Streaming;

public sealed class StreamNegotiationTests
{
    [Theory]
    [InlineData(null, null, StreamFormat.None)]
    [InlineData("*/*", null, StreamFormat.None)]
    [InlineData("application/json", null, StreamFormat.None)]
    [InlineData("application/json, text/event-stream", null, StreamFormat.None)]
    [InlineData("text/event-stream", null, StreamFormat.ServerSentEvents)]
    [InlineData("application/x-ndjson", null, StreamFormat.JsonLines)]
    [InlineData("Application/X-NDJSON; charset=utf-8", null, StreamFormat.JsonLines)]
    [InlineData("application/json;q=0.5, text/event-stream", null, StreamFormat.ServerSentEvents)]
    [InlineData("text/event-stream;q=0", null, StreamFormat.None)]
    [InlineData("nonsense///;;", null, StreamFormat.None)]
    [InlineData(null, true, StreamFormat.ServerSentEvents)]
    [InlineData("*/*", true, StreamFormat.ServerSentEvents)]
    [InlineData("application/x-ndjson", true, StreamFormat.JsonLines)]
    [InlineData("application/json, application/x-ndjson;q=0.5", true, StreamFormat.JsonLines)]
    [InlineData("text/event-stream", false, StreamFormat.None)]
    public void The_body_says_whether_and_the_header_how(string? accept, bool? stream, object expected)
    {
        var context = new DefaultHttpContext();
        if (accept is not null)
            context.Request.Headers.Accept = accept;

        Assert.Equal(expected, StreamNegotiation.Choose(context.Request, stream));
    }
}
