using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Tests.Fakes;
using LlamaHost.Protocol;
using LlamaHost.Worker.Hosting;
using LlamaHost.Worker.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace LlamaHost.Worker.Tests.Harness;

/// <summary>A worker inside the test's process, with its real server, socket and engine; only the model is scripted.</summary>
internal sealed class ScriptedWorker : IAsyncDisposable
{
    private readonly PrivateFolder _folder;
    private readonly ILoggerFactory _loggers;
    private readonly ModelHost _model;
    private readonly WebApplication _application;
    private readonly TaskCompletionSource<int> _exit;

    private ScriptedWorker(
        PrivateFolder folder, ILoggerFactory loggers, ModelHost model, WebApplication application, TaskCompletionSource<int> exit)
    {
        (_folder, _loggers, _model, _application, _exit) = (folder, loggers, model, application, exit);
        Client = new WorkerClient(folder.SocketPath);
    }

    public WorkerClient Client { get; }

    /// <summary>The code with which the process would have ended.</summary>
    public Task<int> Exit => _exit.Task;

    public void StartLoading() => _model.StartLoading();

    /// <summary>Starts one whose model is loaded.</summary>
    public static async Task<ScriptedWorker> StartAsync(ScriptedExecutor executor, CancellationToken cancellationToken)
    {
        ScriptedWorker worker = await StartAsync((_, _, _, _) => executor);
        worker.StartLoading();
        await worker.Client.ReadyAsync(cancellationToken);
        return worker;
    }

    /// <summary>Starts one that only listens yet.</summary>
    public static async Task<ScriptedWorker> StartAsync(ExecutorLoader load)
    {
        var folder = new PrivateFolder();
        var startup = new WorkerStartup { SocketPath = folder.SocketPath, Engine = new EngineSettings { ModelPath = "scripted" } };
        var exit = new TaskCompletionSource<int>();
        ILoggerFactory loggers = WorkerApplication.Loggers(startup, new PipeOutput(Stream.Null));
        var model = new ModelHost(startup.Engine, load, code => exit.TrySetResult(code), TimeProvider.System, loggers);
        WebApplication application = await WorkerApplication.StartAsync(WorkerApplication.CreateBuilder(), startup, model, loggers);
        return new ScriptedWorker(folder, loggers, model, application, exit);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
        _model.Dispose();
        _loggers.Dispose();
        _folder.Dispose();
    }
}
