using LlamaHost.Engine.Execution;
using LlamaHost.Protocol;
using LlamaHost.Worker;
using LlamaHost.Worker.Hosting;
using LlamaHost.Worker.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

using var signals = new IgnoredSignals();
var output = new PipeOutput(Console.OpenStandardOutput());
Stream input = Console.OpenStandardInput();
try
{
    WorkerStartup startup = StartLine.Read(input);
    var end = new ProcessEnd(startup.SocketPath);
    new ParentWatch(input, end.Exit).Start();
    await using WebApplication worker = await WorkerApplication.StartAsync(startup, output, LlamaExecutor.Load, end.Exit);
    output.Write(new WorkerLine { Listening = true });
    ModelHost model = worker.Services.GetRequiredService<ModelHost>();
    end.StopFirst(model.StopAsync);
    model.StartLoading();
    await worker.WaitForShutdownAsync();
    return 0;
}
catch (BadStartupException exception)
{
    output.Write(new WorkerLine { Level = nameof(LogLevel.Critical), Category = nameof(StartLine), Message = exception.Message });
    return WorkerExitCode.BadStartup;
}
