using LlamaHost.Runtime;
using LlamaHost.Server.Health;
using LlamaHost.Server.Hosting;

// BSD's EX_CONFIG.
const int BadConfiguration = 78;

// Asks the server that runs; for container runtimes, which look every few seconds.
if (args is [HealthProbe.Command, .. string[] settings])
    return await HealthProbe.RunAsync(settings, Console.Out, Console.Error);

// First of all, because the time until a model is ready is that of the worker's start and of the model's load.
using var headStart = WorkerHeadStart.Begin();
try
{
    await ServerApplication.Build(args, builder => builder.Services.AddSingleton(headStart)).RunAsync();
    return 0;
}
catch (Exception failure) when (StartFailure.Describe(failure) is { } mistakes)
{
    foreach (string mistake in mistakes)
        Console.Error.WriteLine(mistake);
    return BadConfiguration;
}
