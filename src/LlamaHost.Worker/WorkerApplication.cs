using System.Net.Sockets;
using LlamaHost.Protocol;
using LlamaHost.Worker.Hosting;
using LlamaHost.Worker.Models;
using LlamaHost.Worker.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace LlamaHost.Worker;

/// <summary>Puts the worker together.</summary>
internal static class WorkerApplication
{
    /// <summary>A server that listens on the startup's socket. It takes nothing from the environment: its parent has said it all.</summary>
    /// <exception cref="BadStartupException">It can't listen there.</exception>
    public static async Task<WebApplication> StartAsync(WorkerStartup startup, PipeOutput output, ExecutorLoader load, ExitProcess exit)
    {
        try
        {
            WebApplication worker = Build(startup, output, load, exit);
            await worker.StartAsync().ConfigureAwait(false);
            return worker;
        }
        catch (Exception exception) when (exception is IOException or SocketException or ArgumentOutOfRangeException)
        {
            throw new BadStartupException($"Can't listen on {startup.SocketPath}: {exception.Message}", exception);
        }
    }

    private static WebApplication Build(WorkerStartup startup, PipeOutput output, ExecutorLoader load, ExitProcess exit)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging
            .AddProvider(new PipeLoggerProvider(output))
            .SetMinimumLevel(Enum.Parse<LogLevel>(startup.LogLevel))
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Grpc", LogLevel.Warning);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, startup.SocketPath));
        builder.Services.AddRouting();
        builder.Services.AddGrpc(grpc =>
        {
            // The only client is the host, which has its own limits.
            grpc.MaxReceiveMessageSize = null;
            grpc.MaxSendMessageSize = null;
            grpc.EnableDetailedErrors = true;
        });
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, ParentLifetime>());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(startup.Engine);
        builder.Services.AddSingleton(load);
        builder.Services.AddSingleton(exit);
        builder.Services.AddSingleton<ModelHost>();
        builder.Services.AddSingleton<SessionGate>();
        WebApplication worker = builder.Build();
        worker.UseRouting();
        worker.MapGrpcService<WorkerService>();
        return worker;
    }

    private static void Listen(KestrelServerOptions kestrel, string socketPath)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        // A host that stands still for a while, as under a debugger, is still the host.
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.ListenUnixSocket(socketPath, listen => listen.Protocols = HttpProtocols.Http2);
    }
}
