using LlamaHost.Server.Hosting;
using Microsoft.Extensions.Configuration;

namespace LlamaHost.Server.Tests.Hosting;

public sealed class ListeningAddressTests
{
    [Theory]
    [InlineData("http://localhost:8080/")]
    [InlineData("http://127.0.0.1:8080/", "http_ports=8080")]
    [InlineData("http://127.0.0.1:81/", "http_ports=81;82", "https_ports=443")]
    [InlineData("https://127.0.0.1:8443/", "https_ports=8443")]
    [InlineData("http://127.0.0.1:9000/", "urls=http://*:9000", "http_ports=8080")]
    [InlineData("http://127.0.0.1:9000/", "urls=http://0.0.0.0:9000;http://127.0.0.1:9001")]
    [InlineData("http://127.0.0.1:9000/", "urls=http://some-host:9000")]
    [InlineData("http://[::1]:9000/", "urls=http://[::]:9000")]
    [InlineData("http://192.0.2.7:9000/", "urls=http://192.0.2.7:9000")]
    [InlineData("https://localhost/", "urls=https://localhost")]
    [InlineData("https://127.0.0.1:7000/", "urls=http://*:9000", "Kestrel:Endpoints:Web:Url=https://*:7000")]
    public void The_server_is_asked_where_Kestrel_listens(string expected, params string[] settings) =>
        Assert.Equal(new Uri(expected), ListeningAddress.Of(Configuration(settings)));

    [Theory]
    [InlineData("urls=nowhere")]
    [InlineData("urls=http://unix:/run/llamahost.sock")]
    public void What_is_no_TCP_address_is_refused(string setting) =>
        Assert.Throws<FormatException>(() => ListeningAddress.Of(Configuration(setting)));

    private static IConfiguration Configuration(params string[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(
            settings.Select(setting => setting.Split('=', 2)).ToDictionary(pair => pair[0], string? (pair) => pair[1])).Build();
}
