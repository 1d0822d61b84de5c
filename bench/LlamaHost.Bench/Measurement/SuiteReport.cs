using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace LlamaHost.Bench.Measurement;

/// <summary>What a suite found: a table for people, the same rows as JSON for programs.</summary>
/// <typeparam name="TRow">One row; its properties are the JSON's.</typeparam>
/// <param name="suite">The suite's name.</param>
/// <param name="title">What stands above the table.</param>
internal sealed class SuiteReport<TRow>(string suite, string title)
{
    private const int WidthOfFiles = 240;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly List<TRow> _rows = [];

    public void Add(params IEnumerable<TRow> rows) => _rows.AddRange(rows);

    /// <summary>Prints the table and, where a path is given, writes the file.</summary>
    /// <param name="path">File to write, or null.</param>
    /// <param name="columns">Each column's heading, and what a row has in it.</param>
    public async Task PublishAsync(string? path, params (string Heading, Func<TRow, string> Cell)[] columns)
    {
        var machine = Machine.Read();
        AnsiConsole.MarkupLineInterpolated($"{suite}: {title}");
        AnsiConsole.MarkupLineInterpolated($"{machine}");
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = WidthOfFiles;
        // As documents have it, to be pasted.
        Table table = new Table { Border = Console.IsOutputRedirected ? TableBorder.Markdown : TableBorder.Square }.AddColumns(
            [.. columns.Select(column => Markup.Escape(column.Heading))]);
        foreach (TRow row in _rows)
            table.AddRow([.. columns.Select(column => Markup.Escape(column.Cell(row)))]);
        AnsiConsole.Write(table);
        if (path is null)
            return;
        FileStream file = File.Create(path);
        await using (file.ConfigureAwait(false))
            await JsonSerializer.SerializeAsync(
                file, new { suite, title, date = DateTimeOffset.UtcNow, machine, arguments = Environment.GetCommandLineArgs()[1..], rows = _rows },
                Json).ConfigureAwait(false);
    }
}
