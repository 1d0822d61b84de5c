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
    /// <summary>
    /// All of the server that does not depend on what the parent says. It takes nothing from the environment: its parent says it all.
    /// </summary>
    public static WebApplicationBuilder CreateBuilder()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
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
        builder.Services.AddSingleton<SessionGate>();
        return builder;
    }

    /// <summary>A server that listens on the startup's socket.</summary>
    /// <param name="builder">See <see cref="CreateBuilder"/>.</param>
    /// <param name="startup">What the parent has said.</param>
    /// <param name="model">The model that it serves, loaded or not yet; stays the caller's.</param>
    /// <param name="loggers">See <see cref="Loggers"/>; stays the caller's.</param>
    /// <exception cref="BadStartupException">It can't listen there.</exception>
    public static async Task<WebApplication> StartAsync(
        WebApplicationBuilder builder, WorkerStartup startup, ModelHost model, ILoggerFactory loggers)
    {
        try
        {
            WebApplication worker = Build(builder, startup, model, loggers);
            await worker.StartAsync().ConfigureAwait(false);
            return worker;
        }
        catch (Exception exception) when (exception is IOException or SocketException or ArgumentOutOfRangeException)
        {
            throw new BadStartupException($"Can't listen on {startup.SocketPath}: {exception.Message}", exception);
        }
    }

    /// <summary>Loggers that write to the host.</summary>
    public static ILoggerFactory Loggers(WorkerStartup startup, PipeOutput output)
    {
        var filter = new LoggerFilterOptions { MinLevel = Enum.Parse<LogLevel>(startup.LogLevel) };
        filter.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Warning);
        return new LoggerFactory([new PipeLoggerProvider(output)], filter);
    }

    private static WebApplication Build(WebApplicationBuilder builder, WorkerStartup startup, ModelHost model, ILoggerFactory loggers)
    {
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, startup.SocketPath));
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        builder.Services.AddSingleton(model);
        WebApplication worker = builder.Build();
        worker.UseRouting();
        worker.MapGrpcService<WorkerService>();
        worker.MapGrpcService<SessionService>();
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
