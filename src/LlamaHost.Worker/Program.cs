using LlamaHost.Engine.Execution;
using LlamaHost.Protocol;
using LlamaHost.Worker;
using LlamaHost.Worker.Hosting;
using LlamaHost.Worker.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

using var signals = new IgnoredSignals();
var output = new PipeOutput(Console.OpenStandardOutput());
Stream input = Console.OpenStandardInput();
// Both the parent and the model take their time: the server is put together while they are waited for.
Task<WebApplicationBuilder> building = Task.Run(WorkerApplication.CreateBuilder);
_ = Task.Run(Rehearsal.Run);
try
{
    WorkerStartup startup = StartLine.Read(input);
    var end = new ProcessEnd(startup.SocketPath);
    new ParentWatch(input, end.Exit).Start();
    using ILoggerFactory loggers = WorkerApplication.Loggers(startup, output);
    using var model = new ModelHost(startup.Engine, LlamaExecutor.Load, end.Exit, TimeProvider.System, loggers);
    end.StopFirst(model.StopAsync);
    model.StartLoading();
    await using WebApplication worker = await ListenAsync(building, startup, model, loggers);
    output.Write(new WorkerLine { Listening = true });
    await worker.WaitForShutdownAsync();
    return 0;
}
catch (BadStartupException exception)
{
    output.Write(new WorkerLine { Level = nameof(LogLevel.Critical), Category = nameof(StartLine), Message = exception.Message });
    return WorkerExitCode.BadStartup;
}

static async Task<WebApplication> ListenAsync(
    Task<WebApplicationBuilder> building, WorkerStartup startup, ModelHost model, ILoggerFactory loggers)
{
    try
    {
        return await WorkerApplication.StartAsync(await building, startup, model, loggers);
    }
    catch
    {
        // Native code must not run when the process ends.
        await model.StopAsync();
        throw;
    }
}
