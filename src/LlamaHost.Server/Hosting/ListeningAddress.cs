using System.Net;

namespace LlamaHost.Server.Hosting;

/// <summary>Finds out where the server of some configuration can be reached from its own machine.</summary>
internal static class ListeningAddress
{
    /// <summary>
    /// The first of Kestrel's endpoints, else of <c>urls</c>, else of <c>http_ports</c>, else of <c>https_ports</c>: the order in which Kestrel lets
    /// them count. Of a server that listens on all addresses it is the loopback address.
    /// </summary>
    /// <exception cref="FormatException">It is no address, or a Unix socket's.</exception>
    public static Uri Of(IConfiguration configuration)
    {
        string address = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).FirstOrDefault()
            ?? First(configuration[WebHostDefaults.ServerUrlsKey])
            ?? OnAnyHost("http", configuration[WebHostDefaults.HttpPortsKey])
            ?? OnAnyHost("https", configuration[WebHostDefaults.HttpsPortsKey])
            ?? ServerOptions.DefaultUrl;
        BindingAddress parsed = BindingAddress.Parse(address);
        return parsed.IsUnixPipe
            ? throw new FormatException($"{address} is no address of TCP.")
            : new UriBuilder(parsed.Scheme, Reachable(parsed.Host), parsed.Port).Uri;
    }

    private static string? OnAnyHost(string scheme, string? ports) => First(ports) is { } port ? $"{scheme}://*:{port}" : null;

    private static string? First(string? list) =>
        list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault();

    // Kestrel takes every name but "localhost" for all addresses: "*", "+", the machine's.
    private static string Reachable(string host)
    {
        if (!IPAddress.TryParse(host, out IPAddress? address))
            return host == "localhost" ? host : IPAddress.Loopback.ToString();
        return address.Equals(IPAddress.Any) ? IPAddress.Loopback.ToString()
            : address.Equals(IPAddress.IPv6Any) ? $"[{IPAddress.IPv6Loopback}]"
            : host;
    }
}
