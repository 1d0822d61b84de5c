using LlamaHost.Server.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

// BSD's EX_CONFIG.
const int BadConfiguration = 78;

try
{
    await ServerApplication.Build(args).RunAsync();
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
