using LlamaHost.Architecture.Tests.Rules;

namespace LlamaHost.Architecture.Tests;

public sealed class SourceRuleTests
{
    private const int MostLines = 300;
    private const int MostColumns = 150;

    public static TheoryData<string> Rules => [.. SourceRules.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void No_source_breaks_the_rule(string name)
    {
        SourceRule rule = SourceRules.All.Single(one => one.Name == name);

        Assert.Empty(rule.Violations(House.Projects.SelectMany(House.SourcesOf)));
    }

    [Theory]
    [InlineData(nameof(SourceRules.UnsafeOnlyInNative), "private unsafe byte* _start;")]
    [InlineData(nameof(SourceRules.UnsafeOnlyInNative), "[LibraryImport(\"c\")] static partial int getpid();")]
    [InlineData(nameof(SourceRules.UnsafeOnlyInNative), "[DllImport(\"c\")] static extern int getpid();")]
    [InlineData(nameof(SourceRules.NoAsyncVoid), "private async  void OnTick() { }")]
    [InlineData(nameof(SourceRules.NoBlocking), "task.GetAwaiter().GetResult();")]
    [InlineData(nameof(SourceRules.NoOpenAiBelowServer), "string name = \"max_tokens\";")]
    [InlineData(nameof(SourceRules.NoOpenAiBelowServer), "// as OpenAI does")]
    [InlineData(nameof(SourceRules.NoServiceLocator), "var clock = services.GetRequiredService<TimeProvider>();")]
    [InlineData(nameof(SourceRules.NoServiceLocator), "internal sealed class Locator(IServiceProvider services);")]
    [InlineData(nameof(SourceRules.NoConsole), "Console.WriteLine(1);")]
    public void A_source_that_breaks_the_rule_is_found(string rule, string source) =>
        Assert.NotEmpty(RuleOf(rule).Violations([new SourceFile(Path.Combine("src", "LlamaHost.Engine", "Sample.cs"), source)]));

    [Theory]
    [InlineData(nameof(SourceRules.UnsafeOnlyInNative), "// unsafe code is elsewhere\nstring s = \"unsafe\"; char c = '\"'; /* DllImport */")]
    [InlineData(nameof(SourceRules.UnsafeOnlyInNative), "string s = \"\"\"\n unsafe \" \n\"\"\";")]
    [InlineData(nameof(SourceRules.UnsafeOnlyInNative), "string s = @\"\\\"; string t = \" unsafe \";")]
    [InlineData(nameof(SourceRules.NoAsyncVoid), "private async Task OnTick() { }")]
    public void A_source_that_keeps_the_rule_is_left_in_peace(string rule, string source) =>
        Assert.Empty(RuleOf(rule).Violations([new SourceFile(Path.Combine("src", "LlamaHost.Engine", "Sample.cs"), source)]));

    [Fact]
    public void Where_something_is_allowed_it_is_not_reported()
    {
        const string source = "private unsafe byte* _start; // as OpenAI does";

        Assert.Empty(SourceRules.UnsafeOnlyInNative.Violations([new SourceFile(Path.Combine("src", "LlamaHost.Native", "Sample.cs"), source)]));
        Assert.Empty(
            SourceRules.NoConsole.Violations([new SourceFile(Path.Combine("src", "LlamaHost.Server", "Program.cs"), "Console.Error.WriteLine(1);")]));
        Assert.Empty(SourceRules.NoOpenAiBelowServer.Violations([new SourceFile(Path.Combine("src", "LlamaHost.Server", "Sample.cs"), source)]));
    }

    [Fact]
    public void No_file_is_longer_than_a_file_about_one_thing() =>
        Assert.Empty(House.Projects.SelectMany(House.SourcesOf).Where(IsTooLong).Select(file => $"{file.Path}: {file.Lines} lines"));

    [Theory]
    [InlineData(300, false)]
    [InlineData(301, true)]
    public void Lines_are_counted(int lines, bool tooLong) =>
        Assert.Equal(tooLong, IsTooLong(new SourceFile("Sample.cs", string.Concat(Enumerable.Repeat("x\n", lines)))));

    [Fact]
    public void No_line_is_wider_than_a_reader_s_window() => Assert.Empty(House.AllSources.SelectMany(WideLines));

    [Theory]
    [InlineData(150, 0)]
    [InlineData(151, 1)]
    public void Lines_are_measured(int width, int wide) =>
        Assert.Equal(wide, WideLines(new SourceFile("Sample.cs", $"x\r\n{new string('x', width)}\r\n")).Count());

    private static IEnumerable<string> WideLines(SourceFile file) =>
        from line in file.Text.ReplaceLineEndings("\n").Split('\n').Index()
        where line.Item.Length > MostColumns
        select $"{file.Path}:{line.Index + 1} has {line.Item.Length} characters";

    private static bool IsTooLong(SourceFile file) => file.Lines > MostLines;

    private static SourceRule RuleOf(string property) => (SourceRule)typeof(SourceRules).GetProperty(property)!.GetValue(null)!;
}
