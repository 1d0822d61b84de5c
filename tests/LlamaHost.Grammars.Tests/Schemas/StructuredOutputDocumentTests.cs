using System.Text.Json;
using LlamaHost.Grammars.Schemas;
using LlamaHost.Tests;

namespace LlamaHost.Grammars.Tests.Schemas;

public sealed class StructuredOutputDocumentTests
{
    private static string Document => File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "structured-output.md"));

    [Fact]
    public void Every_keyword_and_format_is_in_the_table()
    {
        string document = Document;

        Assert.All(
            [.. SchemaReader.Keywords.Keys, .. SchemaReader.Annotations, .. StringFormats.Names],
            name => Assert.Contains($"`{name}`", document, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_keyword_of_the_table_is_read() => Assert.All(
        Document.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).SelectMany(line => line.Split('|')[1].Split(',')),
        cell => Assert.True(
            SchemaReader.Keywords.ContainsKey(cell.Trim().Trim('`')) || SchemaReader.Annotations.Contains(cell.Trim().Trim('`')), cell));

    [Fact]
    public void What_is_in_no_table_is_refused() =>
        Assert.Throws<GrammarException>(() => Grammar.FromJsonSchema(JsonDocument.Parse("""{"dependentRequired":{}}""").RootElement));
}
