using System.ClientModel;
using System.ComponentModel;
using System.Numerics.Tensors;
using LlamaHost.Server.Tests.Http;
using Microsoft.Extensions.AI;
using OpenAI;

namespace LlamaHost.Server.Tests.OpenAi.Clients;

/// <summary>Microsoft.Extensions.AI over OpenAI's library, pointed here.</summary>
[Collection<DefaultServerCollection>]
public sealed class ExtensionsAiTests(DefaultServer server)
{
    private const string Model = "SmolLM2-135M-Instruct.Q4_1";

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

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
    public async Task A_required_function_is_invoked_and_its_result_sent_back()
    {
        List<string> asked = [];
        string Warmth([Description("The city")] string city)
        {
            asked.Add(city);
            return "12 degrees";
        }
        using IChatClient client = Client().AsBuilder().UseFunctionInvocation().Build();
        var options = new ChatOptions
        {
            Temperature = 0,
            MaxOutputTokens = 120,
            Tools = [AIFunctionFactory.Create(Warmth, "warmth", "How warm it is in a city")],
            // Required once: after the result the library lets the model choose.
            ToolMode = ChatToolMode.RequireAny,
            AllowMultipleToolCalls = false,
        };

        ChatResponse answer = await client.GetResponseAsync("How warm is it in Oslo?", options, Stopping);

        Assert.NotEmpty(asked);
        Assert.Contains(answer.Messages, message => message.Contents.OfType<FunctionResultContent>().Any());
    }

    [Fact]
    public async Task A_type_gives_the_answer_its_form()
    {
        using IChatClient client = Client();

        ChatResponse<City> answer = await client.GetResponseAsync<City>(
            "Describe Paris in one short sentence.", new ChatOptions { Temperature = 0, MaxOutputTokens = 400 }, cancellationToken: Stopping);

        Assert.False(string.IsNullOrEmpty(answer.Result.Name));
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

    private IChatClient Client() => OpenAi().GetChatClient(Model).AsIChatClient();

    private OpenAIClient OpenAi() => new(
        new ApiKeyCredential("not-needed"), new OpenAIClientOptions { Endpoint = new Uri(server.Client.Address, "/v1") });

    private sealed record City(string Name, bool IsCapital);
}
