using System.ClientModel;
using System.Text;
using System.Text.Json;
using LlamaHost.Server.Tests.Http;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Models;

namespace LlamaHost.Server.Tests.OpenAi.Clients;

/// <summary>OpenAI's own .NET library, pointed here.</summary>
[Collection<DefaultServerCollection>]
public sealed class OpenAiSdkTests(DefaultServer server)
{
    private const string Model = "SmolLM2-135M-Instruct.Q4_1";

    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(
        "get_weather", "Weather of a city", BinaryData.FromString("""
            {"type":"object","properties":{"city":{"type":"string","maxLength":20},"unit":{"enum":["C","F"]}},
             "required":["city","unit"],"additionalProperties":false}
            """));

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_completes_a_chat()
    {
        ChatCompletion answer = await Chat().CompleteChatAsync(
            [new UserChatMessage("What is the capital of France?")],
            new ChatCompletionOptions { Temperature = 0, MaxOutputTokenCount = 24 }, Stopping);

        Assert.NotEmpty(answer.Content[0].Text);
        Assert.InRange(answer.Usage.OutputTokenCount, 1, 24);
        Assert.Equal(answer.Usage.InputTokenCount + answer.Usage.OutputTokenCount, answer.Usage.TotalTokenCount);
    }

    [Fact]
    public async Task It_streams_a_chat_with_its_usage()
    {
        ChatMessage[] messages = [new UserChatMessage("Name three colours.")];
        var options = new ChatCompletionOptions { Temperature = 0, MaxOutputTokenCount = 12 };
        string text = "";
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;
        await foreach (StreamingChatCompletionUpdate update in Chat().CompleteChatStreamingAsync(messages, options, Stopping))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            finish = update.FinishReason ?? finish;
            usage = update.Usage ?? usage;
        }

        Assert.NotEmpty(text);
        Assert.Equal(ChatFinishReason.Length, finish);
        Assert.Equal(12, usage!.OutputTokenCount);
    }

    [Fact]
    public async Task A_stream_that_is_left_ends_the_generation()
    {
        await using LocalServer own = await LocalServer.StartAsync("--LlamaHost:Threads=1", "--LlamaHost:MaxOpenSequences=1");
        await own.Client.WaitUntilReadyAsync();
        int seen = 0;
        await foreach (StreamingChatCompletionUpdate update in Client(own.Client).GetChatClient(Model).CompleteChatStreamingAsync(
            [new UserChatMessage("Tell me a very long story.")], new ChatCompletionOptions { MaxOutputTokenCount = 4000 }, Stopping))
        {
            if (++seen == 3)
                break;
        }

        using var http = new HttpClient();
        await Eventually.TrueAsync("the only place is free again", async () =>
        {
            using var body = new StringContent("""{"prompt": "Hello", "max_tokens": 1}""", Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await http.PostAsync(new Uri(own.Client.Address, "/v1/completions"), body, Stopping);
            return answer.IsSuccessStatusCode;
        });
    }

    [Fact]
    public async Task A_required_tool_is_called_with_arguments_of_its_schema()
    {
        ChatCompletionOptions options = Calling(ChatToolChoice.CreateRequiredChoice());

        ChatCompletion answer = await Chat().CompleteChatAsync([new UserChatMessage("How warm is it in Oslo?")], options, Stopping);

        ChatToolCall call = answer.ToolCalls[0];
        Assert.Equal(ChatFinishReason.ToolCalls, answer.FinishReason);
        Assert.Equal("get_weather", call.FunctionName);
        using JsonDocument arguments = JsonDocument.Parse(call.FunctionArguments);
        Assert.Equal(JsonValueKind.String, arguments.RootElement.GetProperty("city").ValueKind);
        Assert.Contains(arguments.RootElement.GetProperty("unit").GetString(), new[] { "C", "F" });
    }

    [Fact]
    public async Task A_tool_s_call_is_streamed_in_pieces_that_make_up_the_arguments()
    {
        ChatCompletionOptions options = Calling(ChatToolChoice.CreateFunctionChoice("get_weather"));
        string name = "";
        string arguments = "";
        await foreach (StreamingChatCompletionUpdate update in Chat().CompleteChatStreamingAsync(
            [new UserChatMessage("How warm is it in Oslo?")], options, Stopping))
        {
            foreach (StreamingChatToolCallUpdate call in update.ToolCallUpdates.Where(one => one.Index == 0))
            {
                name += call.FunctionName;
                arguments += call.FunctionArgumentsUpdate?.ToString();
            }
        }

        Assert.Equal("get_weather", name);
        using JsonDocument parsed = JsonDocument.Parse(arguments);
        Assert.Equal(["city", "unit"], parsed.RootElement.EnumerateObject().Select(one => one.Name));
    }

    [Fact]
    public async Task A_tool_s_result_goes_back_into_the_conversation()
    {
        ChatCompletionOptions options = Calling(ChatToolChoice.CreateRequiredChoice());
        List<ChatMessage> messages = [new UserChatMessage("How warm is it in Oslo?")];
        ChatCompletion call = await Chat().CompleteChatAsync(messages, options, Stopping);
        messages.Add(new AssistantChatMessage(call));
        messages.Add(new ToolChatMessage(call.ToolCalls[0].Id, "12 degrees"));
        options.ToolChoice = ChatToolChoice.CreateNoneChoice();
        options.MaxOutputTokenCount = 16;

        ChatCompletion answer = await Chat().CompleteChatAsync(messages, options, Stopping);

        Assert.NotEmpty(answer.Content);
        Assert.Empty(answer.ToolCalls);
    }

    [Fact]
    public async Task A_schema_holds_the_answer()
    {
        var options = new ChatCompletionOptions
        {
            Temperature = 0,
            MaxOutputTokenCount = 300,
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("city", BinaryData.FromString("""
                {"type":"object","properties":{"name":{"type":"string","maxLength":20},
                 "inhabitants":{"type":"integer","minimum":0,"maximum":99999999}},"required":["name","inhabitants"],"additionalProperties":false}
                """), jsonSchemaIsStrict: true),
        };

        ChatCompletion answer = await Chat().CompleteChatAsync([new UserChatMessage("Describe Paris.")], options, Stopping);

        using JsonDocument city = JsonDocument.Parse(answer.Content[0].Text);
        Assert.InRange(city.RootElement.GetProperty("inhabitants").GetInt64(), 0, 99_999_999);
    }

    [Fact]
    public async Task Several_answers_have_log_probabilities()
    {
        var options = new ChatCompletionOptions
        {
            Temperature = 0,
            MaxOutputTokenCount = 5,
            IncludeLogProbabilities = true,
            TopLogProbabilityCount = 3,
        };

        ChatCompletion answer = await Chat().CompleteChatAsync([new UserChatMessage("Hello!")], options, Stopping);

        Assert.Equal(answer.Usage.OutputTokenCount, answer.ContentTokenLogProbabilities.Count);
        Assert.All(answer.ContentTokenLogProbabilities, token => Assert.Equal(3, token.TopLogProbabilities.Count));
    }

    [Fact]
    public async Task It_lists_the_models()
    {
        OpenAIModel model = await Client().GetOpenAIModelClient().GetModelAsync(Model, Stopping);
        OpenAIModelCollection all = await Client().GetOpenAIModelClient().GetModelsAsync(Stopping);

        Assert.Equal(Model, model.Id);
        Assert.Contains(all, one => one.Id == Model);
    }

    [Fact]
    public async Task It_understands_what_went_wrong()
    {
        ClientResultException unknown = await Assert.ThrowsAsync<ClientResultException>(() => Client().GetChatClient("no-such-model")
            .CompleteChatAsync([new UserChatMessage("Hello!")], cancellationToken: Stopping));
        ClientResultException tooLong = await Assert.ThrowsAsync<ClientResultException>(() => Chat()
            .CompleteChatAsync([new UserChatMessage(string.Concat(Enumerable.Repeat("word ", 20_000)))], cancellationToken: Stopping));

        Assert.Equal(404, unknown.Status);
        Assert.Contains("model_not_found", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(400, tooLong.Status);
        Assert.Contains("context_length_exceeded", tooLong.Message, StringComparison.Ordinal);
        Assert.Contains("maximum context length is", tooLong.Message, StringComparison.Ordinal);
    }

    private static ChatCompletionOptions Calling(ChatToolChoice choice) =>
        new()
        {
            Temperature = 0,
            MaxOutputTokenCount = 200,
            ToolChoice = choice,
            AllowParallelToolCalls = false,
            Tools = { Weather },
        };

    private ChatClient Chat() => Client().GetChatClient(Model);

    private OpenAIClient Client() => Client(server.Client);

    private static OpenAIClient Client(GenerateClient http) =>
        new(new ApiKeyCredential("not-needed"), new OpenAIClientOptions { Endpoint = new Uri(http.Address, "/v1") });
}
