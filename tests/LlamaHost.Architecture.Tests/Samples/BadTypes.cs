using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace LlamaHost.Architecture.Tests.Samples;

/// <summary>Types that break every rule about types: were a rule unable to fail, they would show it.</summary>
internal static class BadTypes
{
    public static async Task<string> Http(HttpContext context)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(context.Request.Path.Value, context.RequestAborted);
    }

    public static IResult Api() => Results.Ok();

    public static string Json() => JsonSerializer.Serialize(new WireShape("x"));

    public static string? Configuration(IConfiguration configuration) => configuration["key"];

    public static void Threads()
    {
        new Thread(() => { }).Start();
        using Process process = Process.Start("true");
        Marshal.FreeHGlobal(0);
    }

    internal sealed record WireShape([property: JsonPropertyName("finish")] string Finish);
}

/// <summary>A class that could be inherited from, with state of its own that all share.</summary>
#pragma warning disable CA1852 // That it is not sealed is the point.
internal class OpenClass
#pragma warning restore CA1852
{
    public static int Counter = 1;
}
