using System.Text.RegularExpressions;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate;
using LlamaHost.Tests;

namespace LlamaHost.Server.Tests.Generate;

public sealed partial class GenerationDocumentTests
{
    private static string Document => File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "generation.md"));

    [Fact]
    public void The_table_of_parameters_is_that_of_the_code()
    {
        string table = string.Concat(GenerateParameters.Table.Parameters.Select(Row));

        Assert.True(Document.Contains(table, StringComparison.Ordinal), $"docs/generation.md should have:\n{table}");
    }

    [Fact]
    public void Every_code_of_the_server_is_explained()
    {
        string document = Document;

        Assert.All(typeof(ErrorCodes).GetFields(), code => Assert.Contains($"`{code.GetRawConstantValue()}`", document, StringComparison.Ordinal));
    }

    private static string Row(Parameter<GenerateRequest> parameter)
    {
        string leftOut = parameter.IsRequired ? "(required)" : parameter.Default is { } value ? $"`{value.ToJsonString()}`" : Quoted(parameter.WhenLeftOut!);
        string counterpart = parameter.HuggingFace is { } name && name != parameter.Name ? $" Hugging Face: {Quoted(name)}." : "";
        return $"| `{parameter.Name}` | {parameter.Values} | {leftOut} | {Quoted(parameter.Description)}{counterpart} |\n";
    }

    private static string Quoted(string text) => FieldName().Replace(text, "`$0`");

    [GeneratedRegex("[a-z]+_[a-z_]+")]
    private static partial Regex FieldName();
}
