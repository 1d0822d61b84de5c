using System.Diagnostics;
using LlamaHost.Runtime.Workers;

namespace LlamaHost.Runtime.Tests.Workers;

public sealed class WorkerProgramTests
{
    [Fact]
    public void An_executable_is_told_where_the_host_s_own_runtime_is_installed()
    {
        ProcessStartInfo start = new WorkerProgram(Environment.ProcessPath).StartInfo("/", new Dictionary<string, string>());

        string root = start.Environment["DOTNET_ROOT"]!;
        Assert.True(Directory.Exists(Path.Combine(root, "shared", "Microsoft.NETCore.App", Environment.Version.ToString())), root);
    }

    [Fact]
    public void A_worker_has_the_host_s_variables_and_its_own_before_them()
    {
        var own = new Dictionary<string, string> { ["PATH"] = "/own", ["CUDA_VISIBLE_DEVICES"] = "1" };

        ProcessStartInfo start = new WorkerProgram(Environment.ProcessPath).StartInfo("/", own);

        Assert.Equal(("/own", "1"), (start.Environment["PATH"], start.Environment["CUDA_VISIBLE_DEVICES"]));
        Assert.Equal(Environment.GetEnvironmentVariable("HOME"), start.Environment["HOME"]);
    }
}
