using LlamaHost.Runtime.Configuration;
using LlamaHost.Runtime.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace LlamaHost.Runtime;

/// <summary>Adds the runtime to a host.</summary>
public static class RuntimeServices
{
    /// <summary>
    /// Registers <see cref="InferenceRuntime"/>, loads models at start without holding the host's start up, drains at its stop, and validates
    /// the options at start. Where the options come from is for the caller to say, with the builder returned.
    /// </summary>
    public static OptionsBuilder<RuntimeOptions> AddInferenceRuntime(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<InferenceRuntime>();
        services.TryAddSingleton<RuntimeMetrics>();
        services.AddSingleton<IPostConfigureOptions<RuntimeOptions>, AbsolutePaths>();
        services.AddSingleton<IValidateOptions<RuntimeOptions>, RuntimeOptionsValidator>();
        services.AddHostedService<RuntimeLifetime>();
        return services.AddOptions<RuntimeOptions>().ValidateOnStart();
    }
}
