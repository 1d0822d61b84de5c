using System.Net.Security;
using LlamaHost.Server.Hosting;

namespace LlamaHost.Server.Health;

/// <summary>
/// The command <c>health</c>: asks the server of this configuration whether it is ready. An image needs no HTTP client for its health check then, and
/// what is asked is where the server listens, however that was configured.
/// </summary>
internal static class HealthProbe
{
    /// <summary>The command line's first word.</summary>
    public const string Command = "health";

    private const int Healthy = 0;

    // Docker knows no other code for it: see the reference of HEALTHCHECK.
    private const int Unhealthy = 1;

    // Readiness is answered at once or not at all, and a container runtime gives a check a few seconds, its start included.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Asks, and writes the server's report.</summary>
    /// <param name="args">The command line with which the server was started.</param>
    /// <param name="output">Gets the report of a server that is ready.</param>
    /// <param name="errors">Gets the report of one that is not, or why there is none.</param>
    /// <returns>The exit code: 0 if it is ready, else 1.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        try
        {
            Uri address = ListeningAddress.Of(ServerApplication.CreateBuilder(args).Configuration);
            using HttpClient client = CreateClient();
            using HttpResponseMessage answer = await client.GetAsync(new Uri(address, "/health/ready"));
            string report = await answer.Content.ReadAsStringAsync();
            await (answer.IsSuccessStatusCode ? output : errors).WriteLineAsync(report);
            return answer.IsSuccessStatusCode ? Healthy : Unhealthy;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or FormatException)
        {
            await errors.WriteLineAsync($"The server can't be asked: {failure.Message}");
            return Unhealthy;
        }
    }

    private static HttpClient CreateClient()
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        // The server's certificate is made out to the name that its clients use, often by itself; on its own machine neither tells anything.
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, flaws) => flaws != SslPolicyErrors.RemoteCertificateNotAvailable;
        return new HttpClient(handler) { Timeout = Patience };
    }
}
