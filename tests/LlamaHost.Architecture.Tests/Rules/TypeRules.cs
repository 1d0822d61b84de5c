using System.Text.RegularExpressions;

namespace LlamaHost.Architecture.Tests.Rules;

/// <summary>The house's rules about what a room must not contain.</summary>
internal static partial class TypeRules
{
    private static readonly string[] BelowHosts = ["LlamaHost.Native", "LlamaHost.Engine", "LlamaHost.Engine.Requests"];

    public static IReadOnlyList<TypeRule> All { get; } =
    [
        new("no HTTP or RPC in the engine", BelowHosts, Http()),
        new("no HTTP in the runtime", ["LlamaHost.Runtime"], AspNetCore()),
        new("no HTTP API in the worker", ["LlamaHost.Worker"], HttpApi()),
        new("no JSON in the engine", BelowHosts, Json()),
        new("no wire shapes below the server", ["LlamaHost.Runtime", "LlamaHost.Worker"], JsonAttribute()),
        new("no configuration in engine and worker", [.. BelowHosts, "LlamaHost.Protocol", "LlamaHost.Worker"], Configuration()),
        new("no processes in the engine", BelowHosts, Processes()),
        new("no threads in the binding", ["LlamaHost.Native"], Threads()),
        new("no native memory outside the binding", [.. House.MayKnow.Keys.Except(["LlamaHost.Native", "LlamaHost.Protocol"])], Interop()),
    ];

    [GeneratedRegex(@"^(System\.Net|Microsoft\.AspNetCore|Grpc|Google\.Protobuf)\.")]
    private static partial Regex Http();

    [GeneratedRegex(@"^Microsoft\.AspNetCore\.")]
    private static partial Regex AspNetCore();

    [GeneratedRegex(@"^Microsoft\.AspNetCore\.(Mvc|Http\.(Results|TypedResults|IResult)|OpenApi)")]
    private static partial Regex HttpApi();

    [GeneratedRegex(@"^System\.Text\.Json\.")]
    private static partial Regex Json();

    [GeneratedRegex(@"^System\.Text\.Json\.Serialization\.Json\w*Attribute")]
    private static partial Regex JsonAttribute();

    [GeneratedRegex(@"^Microsoft\.Extensions\.Configuration\.")]
    private static partial Regex Configuration();

    [GeneratedRegex(@"^System\.Diagnostics\.Process")]
    private static partial Regex Processes();

    [GeneratedRegex(@"^System\.Threading\.(Thread|ThreadPool|Tasks\..*)$")]
    private static partial Regex Threads();

    [GeneratedRegex(@"^System\.Runtime\.InteropServices\.(Marshal|NativeLibrary|NativeMemory|SafeHandle)$")]
    private static partial Regex Interop();
}
