using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;
using LlamaHost.Server.OpenAi.Chat;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenAi.Completions;
using LlamaHost.Server.OpenAi.Embeddings;
using LlamaHost.Server.OpenAi.Models;
using LlamaHost.Server.OpenAi.Responses;

namespace LlamaHost.Server.OpenAi;

/// <summary>The routes that OpenAI's clients know.</summary>
internal static class OpenAiRoutes
{
    /// <summary>Registers what the routes need.</summary>
    public static IServiceCollection AddOpenAi(this IServiceCollection services) =>
        services.AddSingleton<IErrorShape>(OpenAiErrors.Instance).AddSingleton<OpenAiModels>().AddSingleton<OpenAiStream>().AddSingleton<BodyReader>()
            .AddCompletions().AddChat().AddResponses().AddEmbeddings();

    /// <summary>Maps them.</summary>
    public static void MapOpenAi(this IEndpointRouteBuilder routes)
    {
        routes.MapModels();
        routes.MapCompletions();
        routes.MapChat();
        routes.MapResponses();
        routes.MapEmbeddings();
    }
}
