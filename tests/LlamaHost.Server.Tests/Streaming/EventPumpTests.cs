using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Serialization;
using System.Threading.Channels;
using LlamaHost.Server.Streaming;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;

namespace LlamaHost.Server.Tests.Streaming;

public sealed partial class EventPumpTests
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly FakeTimeProvider _time = new();
    private readonly Channel<string> _items = Channel.CreateUnbounded<string>();
    private readonly Pipe _pipe = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_are_numbered_and_named_and_silence_is_broken_by_comments()
    {
        Task running = RunAsync(StreamFormat.ServerSentEvents, Cancellation);
        Assert.Equal(": admitted\n\n", await ReadAsync());

        _items.Writer.TryWrite("é\n");
        Assert.Equal("id: 1\nevent: text\ndata: \"é\\n\"\n\n", await ReadAsync());

        Assert.Equal("", (await ReadAfterSilenceAsync()).Replace(": still working\n\n", "", StringComparison.Ordinal));
        Assert.Equal("", (await ReadAfterSilenceAsync()).Replace(": still working\n\n", "", StringComparison.Ordinal));

        _items.Writer.TryWrite("b");
        _items.Writer.Complete();
        await running;
        Assert.EndsWith("id: 2\nevent: text\ndata: \"b\"\n\n", await ReadAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_JSON_are_nothing_but_that()
    {
        Task running = RunAsync(StreamFormat.JsonLines, Cancellation);
        _time.Advance(Heartbeat);

        _items.Writer.TryWrite("a");
        Assert.Equal("\"a\"\n", await ReadAsync());
        _items.Writer.Complete();
        await running;
    }

    [Fact]
    public async Task A_failure_behind_the_items_reaches_the_caller_after_them()
    {
        Task running = RunAsync(StreamFormat.JsonLines, Cancellation);
        _items.Writer.TryWrite("a");
        _items.Writer.Complete(new InvalidOperationException("worker gone"));

        Assert.Equal("worker gone", (await Assert.ThrowsAsync<InvalidOperationException>(() => running)).Message);
        Assert.Equal("\"a\"\n", await ReadAsync());
    }

    [Fact]
    public async Task Cancelling_ends_the_silence()
    {
        using var ended = new CancellationTokenSource();
        Task running = RunAsync(StreamFormat.ServerSentEvents, ended.Token);

        await ended.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private async Task RunAsync(StreamFormat format, CancellationToken cancellationToken)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(_pipe.Writer.AsStream()));
        using EventWriter writer = EventWriter.Create(format, context.Response);
        await writer.StartAsync(cancellationToken);
        await EventPump.RunAsync(
            _items.Reader, item => writer.Write("text", item, TextJson.Default.String), writer, Heartbeat, _time, cancellationToken);
    }

    // The pump may not have begun to wait yet: time goes on until it notices.
    private async Task<string> ReadAfterSilenceAsync()
    {
        Task<string> reading = ReadAsync();
        while (!reading.IsCompleted)
        {
            _time.Advance(Heartbeat);
            await Task.Yield();
        }
        return await reading;
    }

    private async Task<string> ReadAsync()
    {
        ReadResult read = await _pipe.Reader.ReadAsync(Cancellation);
        string text = Encoding.UTF8.GetString(read.Buffer);
        _pipe.Reader.AdvanceTo(read.Buffer.End);
        return text;
    }

    [JsonSerializable(typeof(string))]
    private sealed partial class TextJson : JsonSerializerContext;
}
