using LlamaHost.Runtime;
using LlamaHost.Runtime.Configuration;
using LlamaHost.Server.ApplyTemplate;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate;
using LlamaHost.Server.Generations;
using LlamaHost.Server.Health;
using LlamaHost.Server.Metrics;
using LlamaHost.Server.OpenAi;
using LlamaHost.Server.OpenAi.Chat;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenAi.Completions;
using LlamaHost.Server.OpenAi.Embeddings;
using LlamaHost.Server.OpenAi.Models;
using LlamaHost.Server.OpenAi.Responses;
using LlamaHost.Server.OpenApi;
using LlamaHost.Server.Rehearsals;
using LlamaHost.Server.Score;
using LlamaHost.Server.Tokenize;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.Hosting;

/// <summary>Puts the server together.</summary>
internal static class ServerApplication
{
    // ASP.NET Core's own ways to say where it listens.
    private static readonly string[] AddressKeys = ["urls", "http_ports", "https_ports", "Kestrel:Endpoints"];

    /// <summary>The server, not yet started.</summary>
    /// <param name="args">Command line: any setting as <c>--Section:Name value</c>.</param>
    /// <param name="configure">Changes to the builder, after everything else.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = CreateBuilder(args);
        ListeningAddress.Check(builder.Configuration);
        builder.WebHost.UseKestrelHttpsConfiguration();
        AddServices(builder);
        configure?.Invoke(builder);
        WebApplication app = builder.Build();
        // Mistakes in the settings are told before anything is started. Then the model is loaded while the rest is put together.
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        app.Services.GetRequiredService<InferenceRuntime>().LoadAtStart();
        app.UseMiddleware<RequestIds>();
        app.UseRequestLog();
        app.UseProblemResponses();
        app.MapGenerate();
        app.MapScore();
        app.MapTokenize();
        app.MapApplyTemplate();
        app.MapOpenAi();
        app.MapHealth();
        app.MapMetrics();
        app.MapApiDocument();
        return app;
    }

    /// <summary>What the server is built from: its whole configuration, and nothing else yet.</summary>
    /// <param name="args">As of <see cref="Build"/>.</param>
    public static WebApplicationBuilder CreateBuilder(string[] args)
    {
        string? contentRoot = new ConfigurationBuilder().AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables("ASPNETCORE_")
            .AddCommandLine(args).Build()[HostDefaults.ContentRootKey];
        // A file watcher costs a thread, and no setting is read twice.
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions
            {
                Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
                ContentRootPath = contentRoot ?? ContentRoot.Find(),
            });
        if (AddressKeys.All(key => !builder.Configuration.GetSection(key).Exists()))
            builder.WebHost.UseUrls(ServerOptions.DefaultUrl);
        return builder;
    }

    private static void AddServices(WebApplicationBuilder builder)
    {
        IServiceCollection services = builder.Services;
        services.AddLogging(builder.Configuration);
        services.AddOptions<ServerOptions>().BindConfiguration(ServerOptions.SectionName).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ServerOptions>, ServerOptionsValidator>();
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<ServerOptions>>((kestrel, server) =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = server.Value.MaxRequestBodyBytes;
        });
        services.AddOptions<HostOptions>().Configure<IOptions<ServerOptions>>((host, server) =>
            host.ShutdownTimeout = server.Value.DrainTimeout + ShutdownDrain.Afterwards);
        services.AddInferenceRuntime().BindConfiguration(RuntimeOptions.SectionName);
        services.AddSingleton<ShutdownDrain>();
        services.AddHostedService(provider => provider.GetRequiredService<ShutdownDrain>());
        services.AddHostedService<Rehearsal>();
        services.AddProblemResponses().AddGenerations().AddConversations()
            .AddGenerate().AddScore().AddTokenize().AddApplyTemplate().AddOpenAi().AddHealth()
            .AddApiDocument(
                GenerateJson.Default, ScoreJson.Default, TokenizeJson.Default, ApplyTemplateJson.Default, HealthJson.Default, ErrorsJson.Default,
                ModelsJson.Default, CompletionJson.Default, ChatJson.Default, ResponseJson.Default, EmbeddingJson.Default,
                OpenAiErrorJson.Default);
    }
}
