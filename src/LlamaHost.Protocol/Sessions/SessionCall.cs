using Google.Protobuf;
using Grpc.Core;

namespace LlamaHost.Protocol.Sessions;

/// <summary>
/// The call of <c>GenerationSession</c>. It is what is generated for it, but for the steps, which <see cref="StepWriter"/> writes and
/// <see cref="StepReader"/> reads.
/// </summary>
internal static class SessionCall
{
    private static readonly Marshaller<GenerateCommand> Commands = new(
        (command, context) =>
        {
            context.SetPayloadLength(command.CalculateSize());
            command.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        context => GenerateCommand.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    /// <summary>The call for one session; its reader keeps what the session's messages have in common.</summary>
    public static Method<GenerateCommand, SessionStep> CreateMethod() => new(
        MethodType.DuplexStreaming,
        GenerationSession.Descriptor.FullName,
        nameof(GenerationSession.GenerationSessionBase.Open),
        Commands,
        new Marshaller<SessionStep>(StepWriter.Write, new StepReader().Read));
}
