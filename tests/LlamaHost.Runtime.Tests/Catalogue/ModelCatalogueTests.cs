using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Runtime.Configuration;
using LlamaHost.Tests;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LlamaHost.Runtime.Tests.Catalogue;

public sealed class ModelCatalogueTests : IDisposable
{
    private readonly ModelFolder _folder = new();
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Models_are_named_after_their_files_and_the_first_by_name_is_the_default()
    {
        _folder.Add("b.gguf");
        _folder.Add("a.Q4_1.gguf");
        File.WriteAllText(_folder.PathOf("README.md"), "no model");
        ModelCatalogue catalogue = Catalogue();
        Assert.Equal(["a.Q4_1", "b"], Ids(catalogue));
        Assert.Equal("a.Q4_1", catalogue.Resolve(null).Entry.Id);
    }

    [Fact]
    public void The_configured_default_comes_first()
    {
        _folder.Add("a.gguf");
        _folder.Add("b.gguf");
        Assert.Equal(["b", "a"], Ids(Catalogue(options => options.DefaultModel = "b")));
    }

    [Fact]
    public void A_default_model_that_is_missing_stays_the_default_and_says_so()
    {
        _folder.Add("a.gguf");
        ModelEntry first = Catalogue(options => options.DefaultModel = "gone").Resolve(null).Entry;
        Assert.Equal(("gone", _folder.PathOf("gone.gguf"), 0L), (first.Id, first.Path, first.FileSize));
        Assert.Contains("gone.gguf", first.HeaderError, StringComparison.Ordinal);
    }

    [Fact]
    public void Configured_models_come_before_those_of_the_folder_and_are_not_listed_twice()
    {
        _folder.Add("a.gguf");
        string own = _folder.Add("b.gguf");
        ModelCatalogue catalogue = Catalogue(options => options.Models.Add(new ModelOptions { Id = "mine", Path = own }));
        Assert.Equal(["mine", "a"], Ids(catalogue));
        Assert.NotNull(catalogue.Resolve("mine").Options);
    }

    [Fact]
    public void A_model_s_chat_templates_come_from_its_header_and_the_configuration_s_stand_beside_them()
    {
        string own = _folder.Add(
            "a.gguf", metadata: [("tokenizer.chat_template", "usual"), ("tokenizer.chat_template.tool_use", "with tools"), ("tokenizer.chat", "no")]);
        _folder.Add("b.gguf");
        ModelCatalogue catalogue = Catalogue(options =>
        {
            options.ChatTemplate = "chatml";
            options.Models.Add(new ModelOptions { Path = own, ChatTemplateFile = "/own.jinja" });
        });
        ModelEntry model = catalogue.Resolve("a").Entry;
        ModelEntry other = catalogue.Resolve("b").Entry;

        Assert.Equal("usual", model.ChatTemplate);
        Assert.Equal([new("tool_use", "with tools")], model.NamedChatTemplates);
        Assert.Equal((null, "/own.jinja"), (model.ConfiguredChatTemplate, model.ChatTemplateFile));
        Assert.Null(other.ChatTemplate);
        Assert.Equal(("chatml", null), (other.ConfiguredChatTemplate, other.ChatTemplateFile));
    }

    [Fact]
    public void Of_two_models_with_one_id_the_configured_one_is_kept()
    {
        string elsewhere = _folder.Add("elsewhere");
        _folder.Add("a.gguf");
        ModelCatalogue catalogue = Catalogue(options => options.Models.Add(new ModelOptions { Id = "a", Path = elsewhere }));
        Assert.Equal(elsewhere, Assert.Single(catalogue.Models).Entry.Path);
    }

    [Fact]
    public void A_split_model_is_one_model_with_the_weights_of_all_parts()
    {
        string first = _folder.Add("big-00001-of-00002.gguf", weights: 10);
        string second = _folder.Add("big-00002-of-00002.gguf", weights: 32);
        ModelEntry entry = Assert.Single(Catalogue().Models).Entry;
        Assert.Equal(("big", first, 42L), (entry.Id, entry.Path, entry.ParameterCount));
        Assert.Equal(new FileInfo(first).Length + new FileInfo(second).Length, entry.FileSize);
    }

    [Fact]
    public void A_split_model_that_lacks_a_part_says_which()
    {
        _folder.Add("big-00001-of-00002.gguf");
        Assert.Contains("big-00002-of-00002.gguf", Assert.Single(Catalogue().Models).Entry.HeaderError, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama", "adapter")]
    [InlineData("clip", null)]
    [InlineData("clip", "mmproj")]
    public void What_is_no_model_of_its_own_is_not_listed(string architecture, string? type)
    {
        _folder.Add("other.gguf", architecture, type);
        Assert.Empty(Catalogue().Models);
    }

    [Fact]
    public void A_damaged_file_is_listed_with_what_is_wrong()
    {
        File.WriteAllBytes(_folder.PathOf("bad.gguf"), File.ReadAllBytes(RepositoryFiles.TinyModel("tiny-llama"))[..1000]);
        ModelEntry entry = Assert.Single(Catalogue().Models).Entry;
        Assert.Equal("The file ends within its header: it is truncated or damaged.", entry.HeaderError);
        Assert.Equal(1000, entry.FileSize);
    }

    [Fact]
    public void A_real_model_is_described()
    {
        File.CreateSymbolicLink(_folder.PathOf("smol.gguf"), RepositoryFiles.DefaultModel);
        ModelEntry entry = Catalogue().Resolve("smol").Entry;
        Assert.Null(entry.HeaderError);
        Assert.Equal(("llama", "Q4_1"), (entry.Architecture, entry.Quantization));
        Assert.Equal((8192, 134_515_008L), (entry.TrainedContextLength, entry.ParameterCount));
        Assert.Equal(new FileInfo(RepositoryFiles.DefaultModel).Length, entry.FileSize);
    }

    [Fact]
    public void A_file_that_is_added_is_found_by_its_id_without_a_restart()
    {
        ModelCatalogue catalogue = Catalogue();
        Assert.Throws<InvalidRequestException>(() => catalogue.Resolve("late"));
        _folder.Add("late.gguf");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("late", catalogue.Resolve("late").Entry.Id);
    }

    [Fact]
    public void Asking_for_unknown_ids_does_not_read_the_folder_each_time()
    {
        ModelCatalogue catalogue = Catalogue();
        _folder.Add("late.gguf");
        Assert.Throws<InvalidRequestException>(() => catalogue.Resolve("late"));
    }

    [Fact]
    public void A_file_that_changes_is_described_anew()
    {
        _folder.Add("a.gguf", "llama");
        ModelCatalogue catalogue = Catalogue();
        _folder.Add("a.gguf", "stablelm");
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("stablelm", Assert.Single(catalogue.Models).Entry.Architecture);
    }

    [Fact]
    public void An_unknown_id_is_refused_with_the_ids_that_exist()
    {
        _folder.Add("a.gguf");
        InvalidRequestException refused = Assert.Throws<InvalidRequestException>(() => Catalogue().Resolve("x"));
        Assert.Equal(("model_not_found", "model", "There is no model 'x'. There are: a."), (refused.Code, refused.Field, refused.Message));
    }

    [Fact]
    public void Without_any_model_the_default_is_unavailable_rather_than_wrong()
    {
        ModelCatalogue empty = Catalogue(options => options.ModelsFolder = "/nowhere");
        ModelUnavailableException missing = Assert.Throws<ModelUnavailableException>(() => empty.Resolve(null));
        Assert.Equal("model_failed", missing.Code);
        Assert.Contains("/nowhere", missing.Message, StringComparison.Ordinal);
    }

    private ModelCatalogue Catalogue(Action<RuntimeOptions>? configure = null)
    {
        var options = new RuntimeOptions { ModelsFolder = _folder.Path };
        configure?.Invoke(options);
        return new ModelCatalogue(options, _time, NullLogger<ModelCatalogue>.Instance);
    }

    private static IEnumerable<string> Ids(ModelCatalogue catalogue) => catalogue.Models.Select(model => model.Entry.Id);
}
