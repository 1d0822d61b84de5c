using LlamaHost.Bench.Engine;
using LlamaHost.Bench.Http;
using LlamaHost.Bench.Sampling;
using Spectre.Console.Cli;

var app = new CommandApp();
app.Configure(configuration =>
{
    configuration.SetApplicationName("LlamaHost.Bench");
    configuration.AddCommand<EngineSuite>("engine").WithDescription("The engine against a raw llama.cpp loop on the same batch shapes.");
    configuration.AddCommand<HttpSuite>("http").WithDescription(
        "Servers under the same load: closed or open loop, latencies, tokens per second, goodput.");
    configuration.AddCommand<SamplingSuite>("sampling").WithDescription("What choosing a token costs, by setting and vocabulary.");
});
return await app.RunAsync(args).ConfigureAwait(false);
