using System.ComponentModel;
using LlamaHost.Bench.Serving;
using Spectre.Console.Cli;

namespace LlamaHost.Bench.Servers;

/// <summary>Which servers a suite measures. The first is the one that the others are compared with.</summary>
internal abstract class ServingSettings : CommandSettings
{
    [CommandOption("--llamahost <PATH>")]
    [Description("This project's server, published.")]
    [DefaultValue("src/LlamaHost.Server/bin/Release/net10.0/publish/LlamaHost.Server")]
    public string LlamaHost { get; init; } = "";

    [CommandOption("--llamahost-args <NAME=ARGS>")]
    [Description("Start LlamaHost with these arguments; may be given several times, to compare settings. Without any it is started once, with "
        + "--context; \"none\" leaves it out.")]
    public string[] LlamaHostArguments { get; init; } = [];

    [CommandOption("--llama-server <PATH>")]
    [Description("llama.cpp's server, to be measured in turns with LlamaHost.")]
    public string? LlamaServer { get; init; }

    [CommandOption("--llama-server-args <NAME=ARGS>")]
    [Description("Start llama-server with these arguments; may be given several times. Without any: -np 4, and -np 32 --kv-unified.")]
    public string[] LlamaServerArguments { get; init; } = [];

    [CommandOption("--target <NAME=DIALECT:URL>")]
    [Description("A server that runs already; may be given several times. Dialects: llamahost, llama-server, openai, openai-chat.")]
    public string[] Targets { get; init; } = [];

    [CommandOption("--model <PATH>")]
    [Description("GGUF file for the servers that are started.")]
    [DefaultValue("models/SmolLM2-135M-Instruct.Q4_1.gguf")]
    public string Model { get; init; } = "";

    [CommandOption("--context <N>")]
    [Description("Tokens of context in the servers that are started: LlamaHost's KV cells, llama-server's -c.")]
    [DefaultValue(8192)]
    public int Context { get; init; }

    [CommandOption("--threads <N>")]
    [Description("Threads of the servers that are started. 0: what each of them chooses.")]
    public int Threads { get; init; }

    [CommandOption("--turns <N>")]
    [Description("How often each case is measured on each server.")]
    [DefaultValue(3)]
    public int Turns { get; init; }

    [CommandOption("--warm-up <N>")]
    [Description("Requests of each of four clients to every server, before anything is measured.")]
    [DefaultValue(3)]
    public int WarmUp { get; init; }

    [CommandOption("--seed <N>")]
    [Description("Makes lengths, prompts and arrivals.")]
    [DefaultValue(1)]
    public int Seed { get; init; }

    [CommandOption("--json <PATH>")]
    [Description("Write the result to this file too.")]
    public string? Json { get; init; }

    /// <summary>The programs to be started, LlamaHost's first.</summary>
    public IReadOnlyList<ServerProgram> Programs()
    {
        string[] ours = LlamaHostArguments.Length > 0 ? LlamaHostArguments : [$"LlamaHost=--LlamaHost:KvCells {Context}"];
        string[] theirs = LlamaServerArguments.Length > 0
            ? LlamaServerArguments
            : [$"llama-server -np 4=-np 4 -c {Context}", $"llama-server -np 32=-np 32 --kv-unified -c {Context}"];
        return
        [
            .. ours.Where(one => one != "none").Select(one => ServerProgram.LlamaHost(LlamaHost, one, Model, Threads)),
            .. LlamaServer is null ? [] : theirs.Select(one => ServerProgram.LlamaServer(LlamaServer, one, Model, Threads)),
        ];
    }

    /// <summary>The servers that run already.</summary>
    public IEnumerable<Target> RunningTargets() => Targets.Select(Target.Parse);
}
