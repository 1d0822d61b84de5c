using System.Text.Json;
using LlamaHost.Server.Errors;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.Binding;

/// <summary>Reads requests within the server's limits.</summary>
internal sealed class BodyReader(IOptions<ServerOptions> options)
{
    /// <summary>Reads a body by a table of its fields.</summary>
    /// <exception cref="ApiException">413, 415, or a 400 with the field that is at fault.</exception>
    public async Task<TRequest> ReadAsync<TRequest>(HttpRequest http, ParameterTable<TRequest> table, CancellationToken cancellationToken)
        where TRequest : new()
    {
        using JsonDocument body = await JsonBody.ReadAsync(http, (options.Value.MaxRequestBodyBytes, options.Value.MaxJsonDepth), cancellationToken);
        return table.Bind(body.RootElement);
    }
}
