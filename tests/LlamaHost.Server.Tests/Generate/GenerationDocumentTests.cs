using System.Text.RegularExpressions;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate;
using LlamaHost.Server.Generate.Parameters;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.Generate;

public sealed partial class GenerationDocumentTests
{
    private static string Document => File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "generation.md"));

    [Fact]
    public void The_tables_of_parameters_are_those_of_the_code()
    {
        string tables = string.Join(
            '\n', GenerateParameters.Themes.Select(theme => $"### {theme.Theme}\n\n{Head}{string.Concat(theme.Rows.Select(one => Row(one.Field)))}"));

        Assert.True(Document.Contains(tables, StringComparison.Ordinal), $"docs/generation.md should have:\n{tables}");
    }

    [Fact]
    public void The_table_of_what_is_not_supported_is_that_of_the_code()
    {
        string table = string.Concat(UnsupportedParameters.Reasons.GroupBy(one => one.Value, (reason, fields) =>
            $"| {string.Join(", ", fields.Select(one => $"`{one.Key}`"))} | {Quoted(char.ToUpperInvariant(reason[0]) + reason[1..])} |\n"));

        Assert.True(Document.Contains(table, StringComparison.Ordinal), $"docs/generation.md should have:\n{table}");
    }

    [Fact]
    public void Every_code_of_the_server_is_explained()
    {
        string document = Document;

        Assert.All(typeof(ErrorCodes).GetFields(), code => Assert.Contains($"`{code.GetRawConstantValue()}`", document, StringComparison.Ordinal));
    }

    private const string Head = "| field | value | left out | meaning |\n| --- | --- | --- | --- |\n";

    private static string Row(Parameter<GenerateRequest> parameter)
    {
        string leftOut = parameter.IsRequired ? "(required)"
            : parameter.Default is { } value ? $"`{value.ToJsonString()}`"
            : Quoted(parameter.WhenLeftOut!);
        string counterpart = parameter.HuggingFace is { } name && name != parameter.Name ? $" Hugging Face: {Quoted(name)}." : "";
        return $"| `{parameter.Name}` | {parameter.Values} | {leftOut} | {Quoted(parameter.Description)}{counterpart} |\n";
    }

    private static string Quoted(string text) => FieldName().Replace(text, "`$0`");

    [GeneratedRegex("[a-z]+_[a-z_]+")]
    private static partial Regex FieldName();
}
