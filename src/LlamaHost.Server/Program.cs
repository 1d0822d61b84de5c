using LlamaHost.Runtime;
using LlamaHost.Server.Health;
using LlamaHost.Server.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

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
catch (OptionsValidationException mistakes)
{
    foreach (string mistake in mistakes.Failures)
        Console.Error.WriteLine(mistake);
}
catch (IOException failure) when (failure.InnerException is AddressInUseException)
{
    Console.Error.WriteLine($"{failure.Message} Choose another address with --urls http://localhost:PORT.");
}
return BadConfiguration;
