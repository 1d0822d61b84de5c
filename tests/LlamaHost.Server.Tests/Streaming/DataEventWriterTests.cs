using System.Text;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.Streaming;

namespace LlamaHost.Server.Tests.Streaming;

public sealed class DataEventWriterTests
{
    [Fact]
    public async Task Events_are_lines_of_data_and_silence_is_broken_by_a_comment()
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext();
        context.Response.Body = body;
        using (var writer = new DataEventWriter(context.Response))
        {
            await writer.StartAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, body.Length);
            writer.Write(new OpenAiErrorBody(new OpenAiError { Message = "a\nb", Type = "c" }), OpenAiErrorJson.Readable.OpenAiErrorBody);
            writer.WriteHeartbeat();
            writer.WriteText("[DONE]"u8);
            await writer.FlushAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal("text/event-stream", context.Response.ContentType);
        Assert.Equal(
            """data: {"error":{"message":"a\nb","type":"c","param":null,"code":null}}""" + "\n\n: still working\n\ndata: [DONE]\n\n",
            Encoding.UTF8.GetString(body.ToArray()));
    }
}
