namespace LlamaHost.Server.Tests.Http;

/// <summary>One server of the tiny models for all tests of a class, which leave it as it is.</summary>
public sealed class TinyServer : IAsyncLifetime
{
    private LocalServer? _server;

    internal GenerateClient Client => _server!.Client;

    public async ValueTask InitializeAsync() => _server = await LocalServer.StartTinyAsync();

    public async ValueTask DisposeAsync() => await _server!.DisposeAsync();
}

/// <summary>One server with the repository's own settings and model for all classes of its collection.</summary>
public sealed class DefaultServer : IAsyncLifetime
{
    private LocalServer? _server;

    internal GenerateClient Client => _server!.Client;

    public async ValueTask InitializeAsync()
    {
        // Threads that wait for each other while other tests need the cores would take many times as long as one.
        _server = await LocalServer.StartAsync("--LlamaHost:Threads=1");
        await Client.WaitUntilReadyAsync();
    }

    public async ValueTask DisposeAsync() => await _server!.DisposeAsync();
}

/// <summary>Classes that share <see cref="DefaultServer"/>.</summary>
[CollectionDefinition]
public sealed class DefaultServerCollection : ICollectionFixture<DefaultServer>;

/// <summary>
/// One server of the default model with an exact cache: with half precision, log-probabilities move by hundredths with what shares their batches.
/// </summary>
public sealed class ExactDefaultServer : IAsyncLifetime
{
    private LocalServer? _server;

    internal GenerateClient Client => _server!.Client;

    public async ValueTask InitializeAsync()
    {
        _server = await LocalServer.StartAsync(
            "--LlamaHost:Threads=1", "--LlamaHost:KvCacheTypeK=F32", "--LlamaHost:KvCacheTypeV=F32", "--LlamaHost:FlashAttention=Off");
        await Client.WaitUntilReadyAsync();
    }

    public async ValueTask DisposeAsync() => await _server!.DisposeAsync();
}

/// <summary>Classes that share <see cref="ExactDefaultServer"/>.</summary>
[CollectionDefinition]
public sealed class ExactDefaultServerCollection : ICollectionFixture<ExactDefaultServer>;
