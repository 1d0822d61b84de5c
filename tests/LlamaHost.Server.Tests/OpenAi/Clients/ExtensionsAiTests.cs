using System.ClientModel;
using System.Numerics.Tensors;
using LlamaHost.Server.Tests.Http;
using Microsoft.Extensions.AI;
using OpenAI;

namespace LlamaHost.Server.Tests.OpenAi.Clients;

/// <summary>Microsoft.Extensions.AI over OpenAI's library, pointed here.</summary>
[Collection<DefaultServerCollection>]
public sealed class ExtensionsAiTests(DefaultServer server) : ExtensionsAiContract
{
    [Fact]
    public async Task A_stream_becomes_a_response_with_its_usage()
    {
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 12 };
        using IChatClient client = Client();

        ChatResponse streamed = await client.GetStreamingResponseAsync("Name three colours.", options, Stopping).ToChatResponseAsync(Stopping);

        Assert.NotEmpty(streamed.Text);
        Assert.Equal(12, streamed.Usage!.OutputTokenCount);
        Assert.Equal(ChatFinishReason.Length, streamed.FinishReason);
    }

    [Fact]
    public async Task Leaving_in_mid_stream_ends_the_stream()
    {
        using IChatClient client = Client();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        int updates = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            var options = new ChatOptions { MaxOutputTokens = 2000 };
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("Tell a long story.", options, leaving.Token))
            {
                if (update.Text.Length > 0 && ++updates == 1)
                    await leaving.CancelAsync();
            }
        });

        Assert.InRange(updates, 1, 100);
    }

    [Fact]
    public async Task Texts_are_embedded()
    {
        using IEmbeddingGenerator<string, Embedding<float>> generator = OpenAi().GetEmbeddingClient(Model).AsIEmbeddingGenerator();

        GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync(
            ["one text", "another, longer text"], cancellationToken: Stopping);

        Assert.Equal(2, embeddings.Count);
        Assert.All(embeddings, one => Assert.Equal(1, TensorPrimitives.Norm(one.Vector.Span), 1e-3));
    }

    [Fact]
    public async Task An_error_has_the_server_s_message()
    {
        using IChatClient client = Client();
        var options = new ChatOptions { ModelId = "no-such-model" };

        ClientResultException error = await Assert.ThrowsAsync<ClientResultException>(
            () => client.GetResponseAsync("Hello", options, Stopping));

        Assert.Equal(404, error.Status);
        Assert.Contains("no-such-model", error.Message, StringComparison.Ordinal);
    }

    protected override IChatClient Client() => OpenAi().GetChatClient(Model).AsIChatClient();

    private OpenAIClient OpenAi() => new(
        new ApiKeyCredential("not-needed"), new OpenAIClientOptions { Endpoint = new Uri(server.Client.Address, "/v1") });
}
