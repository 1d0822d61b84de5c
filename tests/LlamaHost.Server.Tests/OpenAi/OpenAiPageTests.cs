using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LlamaHost.Server.Binding;
using LlamaHost.Server.OpenAi.Chat;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenAi.Completions;
using LlamaHost.Server.OpenAi.Responses;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.OpenAi;

/// <summary>The page for users of OpenAI's clients says what the code does, and its calls work as they stand there.</summary>
[Collection<DefaultServerCollection>]
public sealed partial class OpenAiPageTests(DefaultServer server)
{
    private const string Page = "docs/openai.md";

    [Fact]
    public async Task Every_call_of_the_page_is_answered()
    {
        IReadOnlyList<DocumentedCall> calls = await DocumentedCall.ReadAsync(Page);
        Assert.Contains(calls, call => call.Path == "/v1/completions");

        string response = "";
        foreach (DocumentedCall call in calls)
        {
            string answer = await call.With("resp_…", response).SendAsync(server.Client);
            if (answer.StartsWith("{\"id\":\"resp_", StringComparison.Ordinal))
                response = (string)JsonNode.Parse(answer)!["id"]!;
        }
    }

    [Fact]
    public async Task The_capital_is_scored_as_the_page_says()
    {
        JsonNode answer = await server.Client.AskAsync(
            "/v1/completions", new { prompt = "The capital of France is Paris.", max_tokens = 0, echo = true, logprobs = 1 });

        JsonNode logprobs = answer["choices"]![0]!["logprobs"]!;
        Assert.Equal(["The", " capital", " of", " France", " is", " Paris", "."], logprobs["tokens"]!.AsArray().Select(one => (string)one!));
        Assert.Equal([0, 3, 11, 14, 21, 24, 30], logprobs["text_offset"]!.AsArray().Select(one => (int)one!));
    }

    [Fact]
    public void The_table_of_parameters_is_that_of_the_code()
    {
        string document = File.ReadAllText(Path.Combine(RepositoryFiles.Root, Page));
        string table = Table(CompletionParameters.Table.Parameters);

        Assert.True(document.Contains(table, StringComparison.Ordinal), $"{Page} should have:\n{table}");
    }

    [Fact]
    public void The_table_of_a_chat_s_own_parameters_is_that_of_the_code()
    {
        string document = File.ReadAllText(Path.Combine(RepositoryFiles.Root, Page));
        IEnumerable<string> shared =
            SamplingParameters.Standard<ChatRequest>().Concat(SamplingParameters.Extra<ChatRequest>()).Select(one => one.Name);
        string table = Table(ChatParameters.Table.Parameters.ExceptBy(shared, one => one.Name));

        Assert.True(document.Contains(table, StringComparison.Ordinal), $"{Page} should have:\n{table}");
    }

    [Fact]
    public void The_table_of_a_response_s_own_parameters_is_that_of_the_code()
    {
        string document = File.ReadAllText(Path.Combine(RepositoryFiles.Root, Page));
        IEnumerable<string> shared = SamplingParameters.Standard<ResponseRequest>().Concat(SamplingParameters.Extra<ResponseRequest>())
            .Select(one => one.Name).Except(["user", "stream_options"]);
        string table = Table(ResponseParameters.Table.Parameters.ExceptBy(shared, one => one.Name));

        Assert.True(document.Contains(table, StringComparison.Ordinal), $"{Page} should have:\n{table}");
    }

    private static string Table<TRequest>(IEnumerable<Parameter<TRequest>> parameters)
        where TRequest : new() =>
        "| field | value | left out | meaning |\n| --- | --- | --- | --- |\n" + string.Concat(parameters.Select(Row));

    private static string Row<TRequest>(Parameter<TRequest> parameter)
    {
        string leftOut = parameter.IsRequired ? "(required)" : parameter.Default is { } value ? $"`{value.ToJsonString()}`" : parameter.WhenLeftOut!;
        return $"| `{parameter.Name}` | {parameter.Values} | {leftOut} | {FieldName().Replace(parameter.Description, "`$0`")} |\n";
    }

    [GeneratedRegex("[a-z]+_[a-z_]+")]
    private static partial Regex FieldName();
}
