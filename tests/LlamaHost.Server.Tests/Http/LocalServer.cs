using LlamaHost.Server.Hosting;
using LlamaHost.Tests;
using Microsoft.AspNetCore.Builder;

namespace LlamaHost.Server.Tests.Http;

/// <summary>The whole server in this process, on a real Kestrel and with a real worker, on a free port.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    // The golden models are exact this way; one thread, because other tests run at the same time.
    private static readonly string[] Tiny =
    [
        "--LlamaHost:ModelsFolder=tests/golden/models", "--LlamaHost:DefaultModel=tiny-llama", "--LlamaHost:Threads=1",
        "--LlamaHost:KvCacheTypeK=F32", "--LlamaHost:KvCacheTypeV=F32", "--LlamaHost:FlashAttention=Off",
    ];

    private readonly WebApplication _app;

    private LocalServer(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.Single());
        Client = new GenerateClient(Address);
    }

    public Uri Address { get; }

    public GenerateClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a server with the repository's settings and these.</summary>
    public static async Task<LocalServer> StartAsync(params string[] settings)
    {
        string[] root = settings.Any(one => one.StartsWith("--contentRoot=", StringComparison.Ordinal))
            ? []
            : [$"--contentRoot={RepositoryFiles.Root}"];
        WebApplication app = ServerApplication.Build(
            ["--urls=http://127.0.0.1:0", "--Serilog:MinimumLevel:Default=Warning",
                "--Serilog:MinimumLevel:Override:Microsoft.Hosting.Lifetime=Warning", .. root, .. settings]);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new LocalServer(app);
    }

    /// <summary>Starts a server of the tiny models, and waits until it is ready.</summary>
    public static async Task<LocalServer> StartTinyAsync(params string[] settings)
    {
        LocalServer server = await StartAsync([.. Tiny, .. settings]);
        await server.Client.WaitUntilReadyAsync();
        return server;
    }

    /// <summary>Shuts it down as an operator does.</summary>
    public Task StopAsync() => _app.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
