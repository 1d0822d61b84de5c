using Microsoft.Extensions.Options;

namespace LlamaHost.Server;

/// <summary>Checks the ranges that <see cref="ServerOptions"/> declares.</summary>
[OptionsValidator]
internal sealed partial class ServerOptionsValidator : IValidateOptions<ServerOptions>;
