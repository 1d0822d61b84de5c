using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LlamaHost.Bench.Serving;

namespace LlamaHost.Bench.Servers;

/// <summary>A server that a suite starts and ends itself.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int KeptLines = 30;
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Queue<string> _lastLines = [];

    private ServerProcess(Process process, Target target) => (_process, Target) = (process, target);

    /// <summary>Where it listens.</summary>
    public Target Target { get; }

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts the program, and returns before it is ready.</summary>
    public static ServerProcess Start(ServerProgram program)
    {
        int port = FreePort();
        var start = new ProcessStartInfo(program.Path, program.Arguments(port))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        var process = new Process { StartInfo = start };
        var server = new ServerProcess(process, new Target(program.Name, program.Dialect, new Uri($"http://127.0.0.1:{port}/")));
        // A pipe that nobody reads would stop the server once it is full.
        process.OutputDataReceived += server.Keep;
        process.ErrorDataReceived += server.Keep;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Waits until the model can be used.</summary>
    /// <exception cref="InvalidOperationException">The program ended, or is not ready in two minutes.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Target.Address };
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < LongestStart)
        {
            ThrowIfEnded();
            try
            {
                using HttpResponseMessage response = await http.GetAsync(Target.Dialect.ReadyPath, cancellationToken).ConfigureAwait(false);
                if (response.StatusCode == HttpStatusCode.OK)
                    return;
            }
            catch (HttpRequestException)
            {
                // It doesn't listen yet.
            }
            await Task.Delay(20, cancellationToken).ConfigureAwait(false);
        }
        throw new InvalidOperationException($"{Target.Name} is not ready after {LongestStart}.");
    }

    /// <exception cref="InvalidOperationException">The program has ended; the message has its last lines.</exception>
    public void ThrowIfEnded()
    {
        if (!_process.HasExited)
            return;
        lock (_lastLines)
            throw new InvalidOperationException($"{Target.Name} ended with {_process.ExitCode}:\n{string.Join('\n', _lastLines)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        lock (_lastLines)
        {
            if (line.Data is null)
                return;
            _lastLines.Enqueue(line.Data);
            if (_lastLines.Count > KeptLines)
                _lastLines.Dequeue();
        }
    }
}
