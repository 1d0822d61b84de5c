using LlamaHost.Server.Hosting;

await ServerApplication.Build(args).RunAsync();
