using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LlamaHost.Runtime.Configuration;

/// <summary>Resolves the options' relative paths against the content root, so that nothing depends on the current directory.</summary>
internal sealed class AbsolutePaths(IHostEnvironment environment) : IPostConfigureOptions<RuntimeOptions>
{
    public void PostConfigure(string? name, RuntimeOptions options)
    {
        options.ModelsFolder = Resolve(options.ModelsFolder);
        options.NativeFolder = options.NativeFolder is { } native ? Resolve(native) : null;
        options.WorkerPath = options.WorkerPath is { } worker ? Resolve(worker) : null;
        options.ChatTemplateFile = options.ChatTemplateFile is { } template ? Resolve(template) : null;
        foreach (ModelOptions model in options.Models)
        {
            model.Path = Resolve(model.Path);
            model.ChatTemplateFile = model.ChatTemplateFile is { } own ? Resolve(own) : null;
        }
    }

    // An empty path stays empty for the validation to find.
    private string Resolve(string path) => path.Length == 0 ? path : Path.GetFullPath(path, environment.ContentRootPath);
}
