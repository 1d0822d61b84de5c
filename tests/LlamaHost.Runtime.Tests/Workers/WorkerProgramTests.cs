using System.Diagnostics;
using LlamaHost.Runtime.Workers;

namespace LlamaHost.Runtime.Tests.Workers;

public sealed class WorkerProgramTests
{
    [Fact]
    public void An_executable_is_told_where_the_host_s_own_runtime_is_installed()
    {
        ProcessStartInfo start = new WorkerProgram(Environment.ProcessPath).StartInfo("/");

        string root = start.Environment["DOTNET_ROOT"]!;
        Assert.True(Directory.Exists(Path.Combine(root, "shared", "Microsoft.NETCore.App", Environment.Version.ToString())), root);
    }
}
