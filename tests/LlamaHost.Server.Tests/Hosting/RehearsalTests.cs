using LlamaHost.Server.Rehearsals;
using LlamaHost.Server.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LlamaHost.Server.Tests.Hosting;

public sealed class RehearsalTests
{
    // Nobody waits for them in the server, so nobody would see one fail.
    [Fact]
    public async Task Each_gets_to_its_end()
    {
        await using LocalServer server = await LocalServer.StartAsync("--LlamaHost:LoadAtStart=false");
        IRehearsal[] rehearsals = [.. server.Services.GetServices<IRehearsal>()];

        Assert.NotEmpty(rehearsals);
        foreach (IRehearsal rehearsal in rehearsals)
            Assert.Null(await Record.ExceptionAsync(rehearsal.RunAsync));
    }
}
