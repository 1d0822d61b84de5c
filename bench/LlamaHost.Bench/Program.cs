using LlamaHost.Bench.Engine;
using Spectre.Console.Cli;

var app = new CommandApp();
app.Configure(configuration =>
{
    configuration.SetApplicationName("LlamaHost.Bench");
    configuration.AddCommand<EngineSuite>("engine").WithDescription("The engine against a raw llama.cpp loop on the same batch shapes.");
});
return await app.RunAsync(args).ConfigureAwait(false);
