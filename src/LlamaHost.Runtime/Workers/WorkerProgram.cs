using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LlamaHost.Runtime.Workers;

/// <summary>The program that workers are started from: an executable, or an assembly that the dotnet host runs.</summary>
internal sealed record WorkerProgram
{
    private const string Name = "LlamaHost.Worker";

    // A worker is told all it needs on its standard input. What configures the host's web server must not open ports in it.
    private static readonly string[] HostVariables =
        ["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_URLS", "DOTNET_HTTP_PORTS", "DOTNET_HTTPS_PORTS"];

    private readonly string _path;

    /// <param name="configured">Full path of the program. <see langword="null"/>: the one in the folder <c>worker</c> beside this program.</param>
    public WorkerProgram(string? configured)
    {
        string bundled = Path.Combine(AppContext.BaseDirectory, "worker", Name);
        string executable = OperatingSystem.IsWindows() ? bundled + ".exe" : bundled;
        _path = configured ?? (File.Exists(executable) ? executable : bundled + ".dll");
    }

    /// <summary>How to start it in that folder.</summary>
    /// <param name="workingDirectory">The folder.</param>
    /// <param name="environment">Variables besides those of this process: libraries of GPUs read theirs when they are loaded.</param>
    /// <exception cref="WorkerFailedException">It is not there.</exception>
    public ProcessStartInfo StartInfo(string workingDirectory, IReadOnlyDictionary<string, string> environment)
    {
        if (!File.Exists(_path))
            throw WorkerFailedException.Unstartable($"The worker's program '{_path}' does not exist.");
        bool isAssembly = _path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        var start = new ProcessStartInfo(isAssembly ? DotnetHost() : _path)
        {
            WorkingDirectory = workingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (isAssembly)
            start.ArgumentList.Add(_path);
        else if (DotnetRoot() is { } root)
            start.Environment.TryAdd("DOTNET_ROOT", root);
        foreach (string variable in HostVariables)
            start.Environment.Remove(variable);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        return start;
    }

    // Where the runtime of this program is installed, so that an executable finds it, too, wherever that is. Null if it came with the program.
    private static string? DotnetRoot()
    {
        string? family = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(RuntimeEnvironment.GetRuntimeDirectory()));
        return Path.GetFileName(family) == "Microsoft.NETCore.App" ? Path.GetFullPath(Path.Combine(family!, "..", "..")) : null;
    }

    // The dotnet that runs this program, if one does; else the one found by the path.
    private static string DotnetHost()
    {
        string? current = Environment.ProcessPath;
        return Path.GetFileNameWithoutExtension(current) is "dotnet" ? current! : "dotnet";
    }
}
