#pragma warning disable OPENAI001 // The library may still change this part of it; the version that is used is pinned.

using System.ClientModel;
using System.ComponentModel;
using LlamaHost.Server.Tests.Http;
using Microsoft.Extensions.AI;
using OpenAI.Responses;

namespace LlamaHost.Server.Tests.OpenAi.Clients;

/// <summary>Microsoft.Extensions.AI over the responses client of OpenAI's library, pointed here.</summary>
[Collection<DefaultServerCollection>]
public sealed class ExtensionsAiResponsesTests(DefaultServer server)
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

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

    private IChatClient Client() => new ResponsesClient(
        new ApiKeyCredential("not-needed"), new ResponsesClientOptions { Endpoint = new Uri(server.Client.Address, "/v1") })
        .AsIChatClient("SmolLM2-135M-Instruct.Q4_1");

    private sealed record City(string Name, bool IsCapital);
}
