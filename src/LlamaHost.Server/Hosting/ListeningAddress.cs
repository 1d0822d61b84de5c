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
        string address = Configured(configuration).FirstOrDefault() ?? ServerOptions.DefaultUrl;
        BindingAddress parsed = BindingAddress.Parse(address);
        return parsed.IsUnixPipe
            ? throw new FormatException($"{address} is no address of TCP.")
            : new UriBuilder(parsed.Scheme, Reachable(parsed.Host), parsed.Port).Uri;
    }

    /// <summary>Looks at all configured addresses before anything is started; Kestrel does when a worker may already load its model.</summary>
    /// <exception cref="FormatException">One is no address.</exception>
    public static void Check(IConfiguration configuration)
    {
        foreach (string address in Configured(configuration))
            BindingAddress.Parse(address);
    }

    private static IEnumerable<string> Configured(IConfiguration configuration) =>
    [
        .. configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>(),
        .. Items(configuration[WebHostDefaults.ServerUrlsKey]),
        .. Items(configuration[WebHostDefaults.HttpPortsKey]).Select(port => $"http://*:{port}"),
        .. Items(configuration[WebHostDefaults.HttpsPortsKey]).Select(port => $"https://*:{port}"),
    ];

    private static string[] Items(string? list) => list?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

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
