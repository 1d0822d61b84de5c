namespace LlamaHost.Server.Hosting;

/// <summary>Finds the folder that relative paths of the configuration refer to.</summary>
internal static class ContentRoot
{
    private const string SettingsFile = "appsettings.json";

    /// <summary>
    /// The folder of <c>appsettings.json</c>: beside the program if it was published, else the current folder (where <c>dotnet run</c> puts
    /// itself). <c>--contentRoot</c> overrules it.
    /// </summary>
    public static string Find() =>
        File.Exists(Path.Combine(AppContext.BaseDirectory, SettingsFile)) ? AppContext.BaseDirectory : Directory.GetCurrentDirectory();
}
