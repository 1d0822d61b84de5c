using LlamaHost.Runtime;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.OpenAi.Common;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LlamaHost.Server.OpenAi.Models;

/// <summary>The routes of this API.</summary>
internal static class ModelsRoutes
{
    /// <summary>Maps them.</summary>
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", List)
            .WithName("listModels").WithTags("Models").WithSummary("The models that can be asked for")
            .WithDescription("The default model first. The list has the shape that OpenAI's clients know, and says more about each model.")
            .Produces<ModelList>();
        routes.MapGet("/v1/models/{**id}", Get)
            .WithName("getModel").WithTags("Models").WithSummary("One model")
            .WithDescription("The id may have slashes in it, and may be one of the placeholders that mean the default model.")
            .Produces<ModelItem>()
            .Produces<OpenAiErrorBody>(StatusCodes.Status404NotFound);
    }

    private static JsonHttpResult<ModelList> List(InferenceRuntime runtime)
    {
        IReadOnlyList<ModelEntry> models = runtime.Models;
        var list = new ModelList([.. models.Select((model, index) => ModelItem.Of(model, runtime.Status(model), isDefault: index == 0))]);
        return TypedResults.Json(list, ModelsJson.Default.ModelList);
    }

    private static JsonHttpResult<ModelItem> Get(string id, InferenceRuntime runtime, OpenAiModels models)
    {
        // Clients encode the slash, which is left encoded in a path.
        ModelEntry model = models.Resolve(id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase));
        bool isDefault = runtime.Models is [var first, ..] && first.Id == model.Id;
        return TypedResults.Json(ModelItem.Of(model, runtime.Status(model), isDefault), ModelsJson.Default.ModelItem);
    }
}
