using LlamaHost.Runtime.Configuration;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.Conversations;

/// <summary>What every API that takes conversations needs.</summary>
internal static class ConversationServices
{
    /// <summary>Registers it.</summary>
    public static IServiceCollection AddConversations(this IServiceCollection services) => services
        .AddSingleton<IValidateOptions<RuntimeOptions>, ChatTemplateValidator>()
        .AddSingleton<ModelTemplates>()
        .AddSingleton<PromptTokenizer>()
        .AddSingleton<ConversationPrompter>();
}
