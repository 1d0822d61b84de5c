using System.Text.Json.Nodes;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Generate;

/// <summary>What a newcomer does first, with the repository's own settings and model.</summary>
[Collection<DefaultServerCollection>]
public sealed class DefaultModelTests(DefaultServer server)
{
    [Fact]
    public async Task Once_upon_a_time_goes_on_for_at_most_50_tokens_and_in_four_ways()
    {
        JsonNode one = await server.Client.GenerateAsync("""{"prompt": "Once upon a time", "max_length": 50, "num_return_sequences": 1}""");

        JsonNode sequence = Assert.Single(one["sequences"]!.AsArray())!;
        Assert.StartsWith("Once upon a time", (string)sequence["generated_text"]!, StringComparison.Ordinal);
        Assert.InRange((int)one["usage"]!["prompt_tokens"]! + (int)sequence["generated_tokens"]!, 5, 50);

        JsonNode four = await server.Client.GenerateAsync(
            """{"prompt": "Once upon a time", "max_length": 20, "num_return_sequences": 4, "seed": 42}""");

        Assert.Equal(4, four["sequences"]!.AsArray().Select(sequence => (string)sequence!["generated_text"]!).Distinct().Count());
    }
}
