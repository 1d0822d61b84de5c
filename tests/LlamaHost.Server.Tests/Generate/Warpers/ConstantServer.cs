using System.Globalization;
using System.Text.Json;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.Generate.Warpers;

/// <summary>A server with one <see cref="ConstantModel"/> for each vector of the golden warpers, loaded when it is first asked for.</summary>
public sealed class ConstantServer : IAsyncLifetime
{
    /// <summary>Most sequences of one request.</summary>
    public const int MaxSequences = 4096;

    private readonly DirectoryInfo _models = Directory.CreateTempSubdirectory("llamahost-warpers-");
    private LocalServer? _server;

    internal GenerateClient Client => _server!.Client;

    /// <summary>The golden logits.</summary>
    public IReadOnlyList<float[]> Vectors { get; private set; } = [];

    /// <summary>Id of a vector's model.</summary>
    public static string Model(int vector) => string.Create(CultureInfo.InvariantCulture, $"vector-{vector}");

    public async ValueTask InitializeAsync()
    {
        using JsonDocument golden = RepositoryFiles.Golden("warpers");
        Vectors =
        [
            .. golden.RootElement.GetProperty("vectors").EnumerateArray().Select(vector => vector.EnumerateArray()
                .Select(logit => logit.ValueKind == JsonValueKind.Null ? float.NegativeInfinity : logit.GetSingle()).ToArray()),
        ];
        foreach ((int index, float[] logits) in Vectors.Index())
            ConstantModel.Save(Path.Combine(_models.FullName, $"{Model(index)}.gguf"), logits);
        _server = await LocalServer.StartAsync(
            $"--LlamaHost:ModelsFolder={_models.FullName}", $"--LlamaHost:DefaultModel={Model(0)}",
            "--LlamaHost:Threads=1", "--LlamaHost:FlashAttention=Off", "--LlamaHost:MaxSequences=256",
            $"--LlamaHost:MaxOpenSequences={MaxSequences}", $"--Server:MaxSequencesPerRequest={MaxSequences}");
        await Client.WaitUntilReadyAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _models.Delete(recursive: true);
    }
}
