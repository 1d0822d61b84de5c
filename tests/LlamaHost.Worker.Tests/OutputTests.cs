using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;
using LlamaHost.Tests;
using LlamaHost.Worker.Hosting;
using LlamaHost.Worker.Tests.Harness;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Worker.Tests;

public sealed class OutputTests
{
    [Fact]
    public async Task All_that_a_worker_says_about_a_whole_life_is_one_JSON_object_per_line()
    {
        CancellationToken patience = Patience.Token;
        await using WorkerProcess worker = WorkerProcess.Start(socket => WorkerProcess.LineFor(
            new WorkerStartup
            {
                SocketPath = socket,
                Engine = new EngineSettings { ModelPath = RepositoryFiles.TinyModel("tiny-llama"), Threads = 1 },
                LogLevel = "Trace",
            }));
        await worker.UntilListeningAsync(patience);
        using (WorkerClient client = worker.Connect())
        {
            await client.ReadyAsync(patience);
            using SessionClient session = client.OpenSession(patience);
            var request = new GenerationRequest { Id = "a", PromptTokens = [5, 6], Stop = new StopSettings { MaxNewTokens = 3 } };
            await session.SubmitAsync(request);
            await session.CollectAsync(request, patience);
        }
        worker.CloseInput();

        // Each is parsed here; native text would not be.
        IReadOnlyList<WorkerLine> rest = await worker.RestAsync(patience);

        Assert.DoesNotContain(rest, line => line.Listening);
        Assert.All(rest, line => Assert.True(Enum.TryParse(line.Level, out LogLevel _), line.Level));
        Assert.Contains(rest, line => line.Message.Contains("llama.cpp", StringComparison.Ordinal));
    }

    [Fact]
    public void A_log_entry_becomes_one_line_with_its_level_category_message_and_exception()
    {
        using var stream = new MemoryStream();
        using var provider = new PipeLoggerProvider(new PipeOutput(stream));
        var exception = new InvalidOperationException("first\nsecond");

        provider.CreateLogger("Some.Category").LogWarning(exception, "{Count} things\nwent wrong", 3);

        byte[] written = stream.ToArray();
        Assert.Equal(written.Length - 1, written.IndexOf((byte)'\n'));
        WorkerLine line = PipeJson.ReadLine(written);
        Assert.Equal(("Warning", "Some.Category", "3 things\nwent wrong"), (line.Level, line.Category, line.Message));
        Assert.Contains("first\nsecond", line.Exception, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_is_gone_does_not_bring_the_worker_down()
    {
        var output = new PipeOutput(new BrokenPipe());

        output.Write(new WorkerLine { Message = "nobody reads this" });
    }

    private sealed class BrokenPipe : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("Broken pipe");

        public override void Write(byte[] buffer, int offset, int count) => throw new IOException("Broken pipe");
    }
}
