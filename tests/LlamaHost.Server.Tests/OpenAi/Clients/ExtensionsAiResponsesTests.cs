#pragma warning disable OPENAI001 // The library may still change this part of it; the version that is used is pinned.

using System.ClientModel;
using LlamaHost.Server.Tests.Http;
using Microsoft.Extensions.AI;
using OpenAI.Responses;

namespace LlamaHost.Server.Tests.OpenAi.Clients;

/// <summary>Microsoft.Extensions.AI over the responses client of OpenAI's library, pointed here.</summary>
[Collection<DefaultServerCollection>]
public sealed class ExtensionsAiResponsesTests(DefaultServer server) : ExtensionsAiContract
{
    [Fact]
    public async Task A_question_goes_on_from_the_answer_before()
    {
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 12 };
        using IChatClient client = Client();

        ChatResponse first = await client.GetResponseAsync("Name three colours.", options, Stopping);
        options.ConversationId = first.ConversationId;
        ChatResponse second = await client.GetResponseAsync("And three more.", options, Stopping);

        Assert.NotEmpty(first.Text);
        Assert.Equal(12, first.Usage!.OutputTokenCount);
        Assert.Equal(ChatFinishReason.Length, first.FinishReason);
        Assert.True(second.Usage!.InputTokenCount > first.Usage.InputTokenCount + 12);
    }

    [Fact]
    public async Task A_stream_becomes_a_response_with_its_usage()
    {
        // The library takes the usage of responses that were not cut alone.
        var options = new ChatOptions { Temperature = 0, MaxOutputTokens = 400, ResponseFormat = ChatResponseFormat.ForJsonSchema<City>() };
        using IChatClient client = Client();

        ChatResponse streamed = await client.GetStreamingResponseAsync("Describe Paris.", options, Stopping).ToChatResponseAsync(Stopping);

        Assert.StartsWith("{", streamed.Text, StringComparison.Ordinal);
        Assert.True(streamed.Usage!.OutputTokenCount > 1);
        Assert.Equal(ChatFinishReason.Stop, streamed.FinishReason);
        Assert.StartsWith("resp_", streamed.ConversationId, StringComparison.Ordinal);
    }

    protected override IChatClient Client() => new ResponsesClient(
        new ApiKeyCredential("not-needed"), new ResponsesClientOptions { Endpoint = new Uri(server.Client.Address, "/v1") })
        .AsIChatClient(Model);
}
