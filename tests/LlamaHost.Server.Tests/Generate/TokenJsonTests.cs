using System.Text.Json;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Generate;

namespace LlamaHost.Server.Tests.Generate;

public sealed class TokenJsonTests
{
    [Fact]
    public void A_token_is_written_as_it_is_among_all_events()
    {
        GenerateEvent[] events =
        [
            TokenGenerated.Of(0, 0, new TokenEvent(7, "", false), "é\"\n"),
            TokenGenerated.Of(2, 1, new TokenEvent(7, "", true, -0.5f, [new TokenLogProb(7, "a", -0.5f), new TokenLogProb(8, "🙂", -1)]), "a"),
        ];

        foreach (GenerateEvent one in events)
        {
            Assert.Equal(
                JsonSerializer.Serialize(one, GenerateJson.Readable.GenerateEvent),
                JsonSerializer.Serialize((TokenGenerated)one, GenerateJson.Token));
        }
    }
}
