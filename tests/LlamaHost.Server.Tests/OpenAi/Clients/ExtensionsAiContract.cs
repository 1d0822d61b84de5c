using System.ComponentModel;
using Microsoft.Extensions.AI;

namespace LlamaHost.Server.Tests.OpenAi.Clients;

/// <summary>What Microsoft.Extensions.AI's users count on, whichever of OpenAI's APIs its client speaks.</summary>
public abstract class ExtensionsAiContract
{
    /// <summary>The model that is asked.</summary>
    protected const string Model = "SmolLM2-135M-Instruct.Q4_1";

    /// <summary>Ends the test.</summary>
    protected static CancellationToken Stopping => TestContext.Current.CancellationToken;

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

    /// <summary>A client of the server.</summary>
    protected abstract IChatClient Client();

    /// <summary>An answer's form.</summary>
    protected sealed record City(string Name, bool IsCapital);
}
