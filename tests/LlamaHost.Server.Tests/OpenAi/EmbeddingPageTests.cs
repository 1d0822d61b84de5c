using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LlamaHost.Server.Binding;
using LlamaHost.Server.OpenAi.Embeddings;
using LlamaHost.Server.Tests.Http;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.OpenAi;

/// <summary>The page on embeddings says what the code does, and its calls work as they stand there, with the repository's own model.</summary>
[Collection<DefaultServerCollection>]
public sealed partial class EmbeddingPageTests(DefaultServer server)
{
    private const string Page = "docs/embeddings.md";

    [Fact]
    public async Task Every_call_of_the_page_is_answered()
    {
        IReadOnlyList<DocumentedCall> calls = await DocumentedCall.ReadAsync(Page);

        JsonNode answer = JsonNode.Parse(await Assert.Single(calls).SendAsync(server.Client))!;

        Assert.Equal([4, 4], answer["data"]!.AsArray().Select(item => item!["embedding"]!.AsArray().Count));
    }

    [Fact]
    public async Task Texts_that_say_alike_are_nearer_than_texts_that_do_not()
    {
        JsonNode answer = await server.Client.AskAsync(
            "/v1/embeddings", new { input = new[] { "The cat sat on the mat.", "A cat was sitting on a rug.", "def fibonacci(n): return n" } });
        double[][] vectors = [.. answer["data"]!.AsArray().Select(item => item!["embedding"]!.AsArray().Select(value => (double)value!).ToArray())];

        Assert.All(vectors, vector => Assert.Equal(576, vector.Length));
        Assert.True(Dot(vectors[0], vectors[1]) > Dot(vectors[0], vectors[2]));
    }

    [Fact]
    public void The_table_of_parameters_is_that_of_the_code()
    {
        string document = File.ReadAllText(Path.Combine(RepositoryFiles.Root, Page));
        string table = "| field | value | left out | meaning |\n| --- | --- | --- | --- |\n"
            + string.Concat(EmbeddingParameters.Table.Parameters.Select(Row));

        Assert.True(document.Contains(table, StringComparison.Ordinal), $"{Page} should have:\n{table}");
    }

    private static double Dot(double[] one, double[] other) => one.Zip(other, (first, second) => first * second).Sum();

    private static string Row(Parameter<EmbeddingRequest> parameter)
    {
        string leftOut = parameter.IsRequired ? "(required)" : parameter.Default is { } value ? $"`{value.ToJsonString()}`" : parameter.WhenLeftOut!;
        return $"| `{parameter.Name}` | {parameter.Values} | {leftOut} | {FieldName().Replace(parameter.Description, "`$0`")} |\n";
    }

    [GeneratedRegex("[a-z]+_[a-z_]+")]
    private static partial Regex FieldName();
}
