using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;

namespace LlamaHost.Server.Models;

/// <summary>The routes of this API.</summary>
internal static class ModelsRoutes
{
    /// <summary>Maps them.</summary>
    public static void MapModels(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/v1/models", (InferenceRuntime runtime) =>
            {
                IReadOnlyList<ModelEntry> models = runtime.Models;
                var list = new ModelList([.. models.Select((model, index) => ModelItem.Of(model, runtime.Status(model), isDefault: index == 0))]);
                return TypedResults.Json(list, ModelsJson.Default.ModelList);
            })
            .WithName("listModels").WithTags("Models").WithSummary("The models that can be asked for")
            .WithDescription("The default model first. The list has the shape that OpenAI's clients know, and says more about each model.")
            .Produces<ModelList>();
}
