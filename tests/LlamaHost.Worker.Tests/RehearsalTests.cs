using LlamaHost.Worker.Hosting;

namespace LlamaHost.Worker.Tests;

public sealed class RehearsalTests
{
    // Nobody waits for it in the worker, so nobody would see it fail.
    [Fact]
    public void It_gets_to_its_end() => Assert.Null(Record.Exception(Rehearsal.Run));
}
