using LlamaHost.Bench.Engine;
using LlamaHost.Bench.Http;
using LlamaHost.Bench.Interference;
using LlamaHost.Bench.Lookup;
using LlamaHost.Bench.Memory;
using LlamaHost.Bench.NSequences;
using LlamaHost.Bench.Prefix;
using LlamaHost.Bench.Sampling;
using LlamaHost.Bench.Scale;
using LlamaHost.Bench.Startup;
using LlamaHost.Bench.Threads;
using Spectre.Console.Cli;

var app = new CommandApp();
app.Configure(configuration =>
{
    configuration.SetApplicationName("LlamaHost.Bench");
    configuration.AddCommand<EngineSuite>("engine").WithDescription("The engine against a raw llama.cpp loop on the same batch shapes.");
    configuration.AddCommand<HttpSuite>("http").WithDescription("Servers under the same load: tokens per second, latencies, goodput.");
    configuration.AddCommand<InterferenceSuite>("interference").WithDescription("What a long prompt does to streams that run when it comes.");
    configuration.AddCommand<LookupSuite>("lookup").WithDescription("One sequence with guessed tokens, against the same without.");
    configuration.AddCommand<MemorySuite>("memory").WithDescription("Resident memory of each server.");
    configuration.AddCommand<NSequencesSuite>("n-sequences").WithDescription("Several continuations of one prompt.");
    configuration.AddCommand<PrefixSuite>("prefix").WithDescription("A burst of requests with a new common prefix: time to their first tokens.");
    configuration.AddCommand<SamplingSuite>("sampling").WithDescription("What choosing a token costs, by setting and vocabulary.");
    configuration.AddCommand<GrammarSuite>("grammar").WithDescription("What a grammar costs per token, by schema and vocabulary.");
    configuration.AddCommand<ScaleSuite>("scale").WithDescription("How cost grows with clients and with the context.");
    configuration.AddCommand<StartupSuite>("startup").WithDescription("From a program's start to the first token.");
    configuration.AddCommand<ThreadsSuite>("threads").WithDescription(
        "One stream with threads that adapt against fixed numbers of them, on an idle machine and beside busy loops.");
});
return await app.RunAsync(args).ConfigureAwait(false);
