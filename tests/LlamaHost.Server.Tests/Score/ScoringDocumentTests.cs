using System.Text.RegularExpressions;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Score;
using LlamaHost.Server.Tokenize;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.Score;

public sealed partial class ScoringDocumentTests
{
    [Fact]
    public void The_tables_of_parameters_are_those_of_the_code()
    {
        string document = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "scoring.md"));

        Assert.All(
            [Table(ScoreParameters.Table), Table(TokenizeRequest.Table), Table(DetokenizeRequest.Table)],
            table => Assert.True(document.Contains(table, StringComparison.Ordinal), $"docs/scoring.md should have:\n{table}"));
    }

    private static string Table<TRequest>(ParameterTable<TRequest> table)
        where TRequest : new() =>
        "| field | value | left out | meaning |\n| --- | --- | --- | --- |\n" + string.Concat(table.Parameters.Select(Row));

    private static string Row<TRequest>(Parameter<TRequest> parameter)
    {
        string leftOut = parameter.IsRequired ? "(required)" : parameter.Default is { } value ? $"`{value.ToJsonString()}`" : parameter.WhenLeftOut!;
        return $"| `{parameter.Name}` | {parameter.Values} | {leftOut} | {FieldName().Replace(parameter.Description, "`$0`")} |\n";
    }

    [GeneratedRegex("[a-z]+_[a-z_]+")]
    private static partial Regex FieldName();
}
