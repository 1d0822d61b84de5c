using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>Finds the model that a client means.</summary>
internal sealed class OpenAiModels(InferenceRuntime runtime, IOptions<ServerOptions> options)
{
    /// <summary>Names that mean the default model where the configuration says nothing.</summary>
    public static IReadOnlyList<string> UsualPlaceholders { get; } = ["default", "local-model", "gpt-3.5-turbo"];

    /// <summary>The model of that id; the default one if there is no id, or if it is a placeholder that no model has for its id.</summary>
    /// <exception cref="Engine.Requests.InvalidRequestException"><c>model_not_found</c>.</exception>
    /// <exception cref="ModelUnavailableException"><c>model_failed</c>: there is no model at all.</exception>
    public ModelEntry Resolve(string? id)
    {
        bool isPlaceholder = id is not null && (options.Value.PlaceholderModels ?? UsualPlaceholders).Contains(id, StringComparer.Ordinal)
            && runtime.Models.All(model => model.Id != id);
        return runtime.Resolve(isPlaceholder ? null : id);
    }
}
