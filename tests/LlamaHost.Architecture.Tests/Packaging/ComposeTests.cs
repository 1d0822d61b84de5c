using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using LlamaHost.Runtime.Configuration;
using LlamaHost.Server;
using LlamaHost.Server.Hosting;
using LlamaHost.Tests;
using Microsoft.Extensions.Configuration;

namespace LlamaHost.Architecture.Tests.Packaging;

public sealed class ComposeTests
{
    private static readonly JsonSchema Specification = JsonSchema.FromText(
        File.ReadAllText(Path.Combine(Dockerfile.Judges, "node_modules", "dclint", "schemas", "compose.schema.json"))
        // The library knows the draft by its own address alone.
        .Replace("https://json-schema.org/draft-07/schema", "http://json-schema.org/draft-07/schema#", StringComparison.Ordinal));

    private static readonly Dockerfile Image = Dockerfile.Read(Path.Combine(RepositoryFiles.Root, "Dockerfile"));

    public static TheoryData<string> Files => [.. ComposeFile.Names];

    [Theory]
    [MemberData(nameof(Files))]
    public void Files_are_as_the_compose_specification_has_it(string file) => Assert.True(IsValid(ComposeFile.Read(file)));

    [Theory]
    [InlineData("restarts", "always")]
    [InlineData("stop_grace_period", 50)]
    public void What_the_specification_does_not_know_is_found(string key, object value)
    {
        JsonObject file = ComposeFile.Read("compose.yaml");
        file["services"]!["llamahost"]![key] = JsonSerializer.SerializeToNode(value);

        Assert.False(IsValid(file));
    }

    [Theory]
    [InlineData("compose.yaml", "cpu")]
    [InlineData("compose.gpu.yaml", "cuda12")]
    [InlineData("compose.gpu.yaml", "cuda13", "13")]
    [InlineData("compose.vulkan.yaml", "vulkan")]
    public void A_file_builds_a_target_of_the_Dockerfile_and_names_the_image_by_it(string file, string target, string cuda = "12")
    {
        JsonObject service = ComposeFile.Service(file, ("LLAMAHOST_CUDA", cuda));

        Assert.Equal(target, (string?)service["build"]!["target"]);
        Assert.Equal($"llamahost:{target}", (string?)service["image"]);
        Assert.Contains(target, Image.Stages.Select(stage => stage.Name));
        Assert.True(File.Exists(Path.Combine(ComposeFile.Folder, (string)service["build"]!["context"]!, "Dockerfile")));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_setting_is_one_that_the_server_has(string file)
    {
        IEnumerable<string> known = typeof(RuntimeOptions).GetProperties().Select(property => $"{RuntimeOptions.SectionName}__{property.Name}")
            .Concat(typeof(ServerOptions).GetProperties().Select(property => $"{ServerOptions.SectionName}__{property.Name}"));

        Assert.Empty(ComposeFile.Service(file)["environment"]!.AsObject().Select(pair => pair.Key)
            .Where(name => name.Contains("__", StringComparison.Ordinal)).Except(known));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_stop_gives_running_requests_their_time_and_the_server_what_it_needs_afterwards(string file)
    {
        TimeSpan drain = new ConfigurationBuilder().AddJsonFile(Path.Combine(RepositoryFiles.Root, "appsettings.json")).Build()
            .GetSection(ServerOptions.SectionName).Get<ServerOptions>()!.DrainTimeout;
        string grace = (string)ComposeFile.Service(file)["stop_grace_period"]!;

        Assert.EndsWith("s", grace, StringComparison.Ordinal);
        Assert.True(TimeSpan.FromSeconds(int.Parse(grace[..^1], null)) > drain + ShutdownDrain.Afterwards);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void The_port_that_is_published_is_the_one_that_the_image_listens_on(string file)
    {
        string port = ((string)ComposeFile.Service(file)["ports"]!.AsArray().Single()!).Split(':')[^1];
        IReadOnlyList<DockerInstruction> image = Image.All((string)ComposeFile.Service(file)["build"]!["target"]!);

        Assert.Contains(("ASPNETCORE_HTTP_PORTS", port), image.SelectMany(one => one.Variables));
        Assert.Equal([port], image.Last(one => one.Keyword == "EXPOSE").Arguments);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_container_is_confined_limited_and_comes_back(string file)
    {
        JsonObject service = ComposeFile.Service(file);

        Assert.True((bool)service["read_only"]!);
        Assert.Equal(["ALL"], service["cap_drop"]!.AsArray().Select(one => (string?)one));
        Assert.Contains("no-new-privileges:true", service["security_opt"]!.AsArray().Select(one => (string?)one));
        Assert.Contains("/tmp", service["tmpfs"]!.AsArray().Select(one => (string?)one));
        Assert.NotNull(service["deploy"]!["resources"]!["limits"]!["memory"]);
        Assert.Equal("unless-stopped", (string?)service["restart"]);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Only_this_machine_is_served_unless_somebody_decides_otherwise(string file) =>
        Assert.All(ComposeFile.Service(file)["ports"]!.AsArray(), port => Assert.StartsWith("127.0.0.1:", (string?)port, StringComparison.Ordinal));

    [Fact]
    public void The_file_for_GPUs_reserves_them_and_keeps_what_the_driver_compiles()
    {
        JsonObject service = ComposeFile.Service("compose.gpu.yaml");
        JsonNode device = Assert.Single(service["deploy"]!["resources"]!["reservations"]!["devices"]!.AsArray())!;
        string cache = Image.All("cuda12").SelectMany(one => one.Variables).Single(one => one.Name == "CUDA_CACHE_PATH").Value;

        Assert.Equal("nvidia", (string?)device["driver"]);
        Assert.Equal(["gpu"], device["capabilities"]!.AsArray().Select(one => (string?)one));
        Assert.Contains(service["volumes"]!.AsArray(), volume => ((string)volume!).EndsWith($":{cache}", StringComparison.Ordinal));
    }

    [Fact]
    public void The_example_of_settings_has_every_variable_with_its_default()
    {
        IEnumerable<string> used = ComposeFile.Names.SelectMany(ComposeFile.VariablesOf).Distinct()
            .Select(one => one.Default is null ? $"#{one.Name}=" : $"{one.Name}={one.Default}");
        IEnumerable<string> listed = File.ReadLines(Path.Combine(ComposeFile.Folder, ".env.example")).Where(
            line => line.Contains('=', StringComparison.Ordinal) && !line.StartsWith("# ", StringComparison.Ordinal));

        Assert.Equal(used.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docker/README.md")]
    public void A_page_says_how_each_file_is_started(string page)
    {
        string text = File.ReadAllText(Path.Combine(RepositoryFiles.Root, page));

        Assert.All(ComposeFile.Names, file => Assert.Contains($"docker compose -f docker/{file} up", text, StringComparison.Ordinal));
    }

    private static bool IsValid(JsonObject file) => Specification.Evaluate(JsonSerializer.SerializeToElement(file)).IsValid;
}
