#pragma warning disable OPENAI001 // The library may still change this part of it; the version that is used is pinned.

using System.ClientModel;
using System.Text.Json;
using LlamaHost.Server.Tests.Http;
using OpenAI;
using OpenAI.Responses;

namespace LlamaHost.Server.Tests.OpenAi.Clients;

/// <summary>The responses client of OpenAI's own .NET library, pointed here.</summary>
[Collection<DefaultServerCollection>]
public sealed class OpenAiSdkResponsesTests(DefaultServer server)
{
    private const string Model = "SmolLM2-135M-Instruct.Q4_1";

    private static readonly FunctionTool Weather = ResponseTool.CreateFunctionTool(
        "get_weather", BinaryData.FromString("""
            {"type":"object","properties":{"city":{"type":"string","maxLength":20},"unit":{"enum":["C","F"]}},
             "required":["city","unit"],"additionalProperties":false}
            """), strictModeEnabled: true, "Weather of a city");

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_reads_a_response_with_all_that_it_knows_of_it()
    {
        CreateResponseOptions options = Options("What is the capital of France?", 24);
        options.Instructions = "Be brief.";
        options.EndUserId = "me";
        options.Metadata["a"] = "b";
        options.IncludedProperties.Add(IncludedResponseProperty.MessageOutputTextLogProbabilities);
        options.TopLogProbabilityCount = 2;

        ResponseResult response = await Client().CreateResponseAsync(options, Stopping);

        Assert.NotEmpty(response.GetOutputText());
        MessageResponseItem message = Assert.IsAssignableFrom<MessageResponseItem>(Assert.Single(response.OutputItems));
        Assert.NotEmpty(Assert.Single(message.Content).OutputTextTokenLogProbabilities);
        Assert.Equal(response.Usage.InputTokenCount + response.Usage.OutputTokenCount, response.Usage.TotalTokenCount);
        Assert.Equal((Model, "b", 0f, "me"), (response.Model, response.Metadata["a"], response.Temperature, response.EndUserId));
    }

    [Fact]
    public async Task It_streams_a_response_and_gets_to_know_its_end()
    {
        string text = "";
        ResponseResult? end = null;
        await foreach (StreamingResponseUpdate update in Client().CreateResponseStreamingAsync(
            Streamed(Options("Name three colours.", 12)), Stopping))
        {
            text += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
            end = (update as StreamingResponseIncompleteUpdate)?.Response ?? (update as StreamingResponseCompletedUpdate)?.Response ?? end;
        }

        Assert.Equal(text, end!.GetOutputText());
        Assert.Equal(ResponseStatus.Incomplete, end.Status);
        Assert.Equal(ResponseIncompleteStatusReason.MaxOutputTokens, end.IncompleteStatusDetails.Reason);
        Assert.Equal(12, end.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task A_required_tool_is_called_and_its_output_sent_back()
    {
        CreateResponseOptions options = Options("How warm is it in Oslo?", 200);
        options.Tools.Add(Weather);
        options.ToolChoice = ResponseToolChoice.CreateRequiredChoice();
        options.ParallelToolCallsEnabled = false;
        ResponseResult called = await Client().CreateResponseAsync(options, Stopping);
        FunctionCallResponseItem call = Assert.IsAssignableFrom<FunctionCallResponseItem>(Assert.Single(called.OutputItems));
        using JsonDocument arguments = JsonDocument.Parse(call.FunctionArguments);
        Assert.Equal(("get_weather", FunctionCallStatus.Completed), (call.FunctionName, call.Status));
        Assert.Contains(arguments.RootElement.GetProperty("unit").GetString(), new[] { "C", "F" });
        CreateResponseOptions next = Options("", 16);
        next.InputItems.Clear();
        next.InputItems.Add(ResponseItem.CreateFunctionCallOutputItem(call.CallId, "12 degrees"));
        next.PreviousResponseId = called.Id;

        ResponseResult answer = await Client().CreateResponseAsync(next, Stopping);

        Assert.NotEmpty(answer.GetOutputText());
        Assert.Equal(called.Id, answer.PreviousResponseId);
    }

    [Fact]
    public async Task A_call_is_streamed_in_pieces_that_make_up_the_arguments()
    {
        CreateResponseOptions options = Options("How warm is it in Oslo?", 200);
        options.Tools.Add(Weather);
        options.ToolChoice = ResponseToolChoice.CreateFunctionChoice("get_weather");
        options.ParallelToolCallsEnabled = false;
        string pieces = "", whole = "";
        await foreach (StreamingResponseUpdate update in Client().CreateResponseStreamingAsync(Streamed(options), Stopping))
        {
            pieces += (update as StreamingResponseFunctionCallArgumentsDeltaUpdate)?.Delta.ToString();
            whole += (update as StreamingResponseFunctionCallArgumentsDoneUpdate)?.FunctionArguments.ToString();
        }

        using JsonDocument parsed = JsonDocument.Parse(whole);
        Assert.Equal(["city", "unit"], parsed.RootElement.EnumerateObject().Select(one => one.Name));
        Assert.Equal(whole, pieces);
    }

    [Fact]
    public async Task A_schema_holds_the_text()
    {
        CreateResponseOptions options = Options("Describe Paris.", 300);
        options.TextOptions = new ResponseTextOptions
        {
            TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("city", BinaryData.FromString("""
                {"type":"object","properties":{"name":{"type":"string","maxLength":20},
                 "inhabitants":{"type":"integer","minimum":0,"maximum":99999999}},"required":["name","inhabitants"],"additionalProperties":false}
                """), jsonSchemaIsStrict: true),
        };

        ResponseResult response = await Client().CreateResponseAsync(options, Stopping);

        using JsonDocument city = JsonDocument.Parse(response.GetOutputText());
        Assert.InRange(city.RootElement.GetProperty("inhabitants").GetInt64(), 0, 99_999_999);
        Assert.Equal(ResponseTextFormatKind.JsonSchema, response.TextOptions.TextFormat.Kind);
    }

    [Fact]
    public async Task A_response_is_read_again_listed_and_deleted()
    {
        ResponseResult made = await Client().CreateResponseAsync(Options("Hello!", 4), Stopping);

        ResponseResult read = await Client().GetResponseAsync(made.Id, Stopping);
        List<ResponseItem> input = await Client().GetResponseInputItemsAsync(made.Id, Stopping).ToListAsync(Stopping);
        ResponseDeletionResult deleted = await Client().DeleteResponseAsync(made.Id, Stopping);
        ClientResultException gone = await Assert.ThrowsAsync<ClientResultException>(() => Client().GetResponseAsync(made.Id, Stopping));

        Assert.Equal(made.GetOutputText(), read.GetOutputText());
        Assert.Equal("Hello!", Assert.IsAssignableFrom<MessageResponseItem>(Assert.Single(input)).Content[0].Text);
        Assert.Equal((true, made.Id), (deleted.Deleted, deleted.ResponseId));
        Assert.Equal(404, gone.Status);
    }

    [Fact]
    public async Task A_stream_is_cancelled()
    {
        ResponseResult? cancelled = null, end = null;
        await foreach (StreamingResponseUpdate update in Client().CreateResponseStreamingAsync(
            Streamed(Options("Tell a long story.", 4000)), Stopping))
        {
            if (update is StreamingResponseCreatedUpdate created)
                cancelled = await Client().CancelResponseAsync(created.Response.Id, Stopping);
            end = (update as StreamingResponseIncompleteUpdate)?.Response ?? end;
        }

        Assert.Equal((ResponseStatus.Cancelled, ResponseStatus.Cancelled), (cancelled!.Status, end!.Status));
    }

    [Fact]
    public async Task It_understands_what_went_wrong()
    {
        CreateResponseOptions lost = Options("Hello!", 4);
        lost.PreviousResponseId = "resp_9";
        CreateResponseOptions unknown = Options("Hello!", 4);
        unknown.Model = "no-such-model";
        ClientResultException previous = await Assert.ThrowsAsync<ClientResultException>(() => Client().CreateResponseAsync(lost, Stopping));
        ClientResultException model = await Assert.ThrowsAsync<ClientResultException>(() => Client().CreateResponseAsync(unknown, Stopping));

        Assert.Equal((404, 404), (previous.Status, model.Status));
        Assert.Contains("previous_response_not_found", previous.Message, StringComparison.Ordinal);
        Assert.Contains("model_not_found", model.Message, StringComparison.Ordinal);
    }

    private static CreateResponseOptions Options(string question, int most) =>
        new(Model, [ResponseItem.CreateUserMessageItem(question)]) { Temperature = 0, MaxOutputTokenCount = most };

    private static CreateResponseOptions Streamed(CreateResponseOptions options)
    {
        options.StreamingEnabled = true;
        return options;
    }

    private ResponsesClient Client() => new(
        new ApiKeyCredential("not-needed"), new ResponsesClientOptions { Endpoint = new Uri(server.Client.Address, "/v1") });
}
