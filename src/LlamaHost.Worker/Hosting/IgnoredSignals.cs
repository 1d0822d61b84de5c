using System.Runtime.InteropServices;

namespace LlamaHost.Worker.Hosting;

/// <summary>
/// Ctrl+C, a closing terminal and service managers signal the whole process group. The host then drains its requests, and needs its workers
/// for that: they ignore such signals and end when the host does.
/// </summary>
internal sealed class IgnoredSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations =
    [
        Ignore(PosixSignal.SIGINT),
        Ignore(PosixSignal.SIGTERM),
        Ignore(PosixSignal.SIGHUP),
    ];

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private static PosixSignalRegistration Ignore(PosixSignal signal) => PosixSignalRegistration.Create(signal, context => context.Cancel = true);
}
