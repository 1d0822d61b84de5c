using System.Text;
using LlamaHost.Engine.Requests;
using LlamaHost.Protocol;
using LlamaHost.Worker.Hosting;
using LlamaHost.Worker.Tests.Harness;

namespace LlamaHost.Worker.Tests;

public sealed class StartLineTests
{
    private const string Sound = """{"socketPath":"/run/x/socket","engine":{"modelPath":"m.gguf"},"logLevel":"Warning"}""";

    [Fact]
    public void It_is_read_and_nothing_after_it()
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(Sound + "\nrest"));

        WorkerStartup startup = StartLine.Read(input);

        Assert.Equal(("/run/x/socket", "m.gguf", "Warning"), (startup.SocketPath, startup.Engine.ModelPath, startup.LogLevel));
        Assert.Equal(Sound.Length + 1, input.Position);
    }

    public static TheoryData<string, string> BadLines() => new()
    {
        { "", "ended before" },
        { Sound, "ended before" },
        { "\n", "not a worker's" },
        { "null\n", "not a worker's" },
        { "{}\n", "not a worker's" },
        { "not json\n", "not a worker's" },
        { Sound + Sound + "\n", "not a worker's" },
        { Sound.Replace("\"Warning\"", "3", StringComparison.Ordinal) + "\n", "not a worker's" },
        { Sound.Replace("\"m.gguf\"", "\"m.gguf\",\"threads\":1e99", StringComparison.Ordinal) + "\n", "not a worker's" },
        { Sound.Replace("/run/x/", "", StringComparison.Ordinal) + "\n", "not a full path" },
        { Sound.Replace("m.gguf", "", StringComparison.Ordinal) + "\n", "model's path" },
        { Sound.Replace("Warning", "Loud", StringComparison.Ordinal) + "\n", "log level" },
        { new string(' ', (1 << 20) + 1), "longer than" },
    };

    [Theory]
    [MemberData(nameof(BadLines))]
    public void What_is_no_start_line_is_said_so(string input, string reason)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(input));

        BadStartupException exception = Assert.Throws<BadStartupException>(() => StartLine.Read(stream));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere/socket")]
    [InlineData("{socket}/too/long/0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public async Task A_worker_that_cannot_start_as_told_says_why_and_ends_with_its_own_exit_code(string socketPath)
    {
        CancellationToken patience = Patience.Token;
        await using WorkerProcess worker = WorkerProcess.Start(socket => WorkerProcess.LineFor(
            socketPath.Replace("{socket}", socket, StringComparison.Ordinal), new EngineSettings { ModelPath = "m.gguf" }));

        IReadOnlyList<WorkerLine> lines = await worker.RestAsync(patience);
        await worker.WaitForExitAsync(patience);

        Assert.Equal(WorkerExitCode.BadStartup, worker.ExitCode);
        Assert.Contains(lines, line => line.Level == "Critical" && line.Message.Contains("Can't listen", StringComparison.Ordinal));
    }
}
