namespace LlamaHost.Server.Generations;

/// <summary>What all APIs that generate share.</summary>
internal static class GenerationServices
{
    /// <summary>Registers it.</summary>
    public static IServiceCollection AddGenerations(this IServiceCollection services) =>
        services.AddSingleton<GenerationLog>().AddSingleton<GenerationRunner>();
}
