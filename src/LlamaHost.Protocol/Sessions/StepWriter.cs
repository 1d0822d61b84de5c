using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Protocol.Sessions;

/// <summary>
/// Writes a session's messages. Nearly all are plain: new tokens' ids and texts. These are written as <c>worker.proto</c> has them, but without an
/// object for each message in it; the others by the generated classes.
/// </summary>
internal static class StepWriter
{
    public static void Write(SessionStep step, SerializationContext context)
    {
        if (IsPlain(step))
            WritePlain(step.Sequences, context);
        else
            step.ToMessage().WriteTo(context);
        context.Complete();
    }

    private static void WriteTo(this StepMessage message, SerializationContext context)
    {
        context.SetPayloadLength(message.CalculateSize());
        message.WriteTo(context.GetBufferWriter());
    }

    // Loops by index, here and below: what enumerates a list by its interface is an object.
    private static bool IsPlain(SessionStep step)
    {
        for (int i = 0; i < step.Sequences.Count; i++)
        {
            SequenceEvent sequence = step.Sequences[i];
            if (sequence.Finish is not null)
                return false;
            for (int j = 0; j < sequence.Tokens.Count; j++)
            {
                if (sequence.Tokens[j] is not { LogProb: null, Alternatives: null })
                    return false;
            }
        }
        return step.Refusals.Count == 0 && step.Load is null;
    }

    private static void WritePlain(IReadOnlyList<SequenceEvent> sequences, SerializationContext context)
    {
        int size = 0;
        for (int i = 0; i < sequences.Count; i++)
            size += WireWriter.SizeOfMessage(SizeOf(sequences[i]));
        context.SetPayloadLength(size);
        IBufferWriter<byte> buffer = context.GetBufferWriter();
        var writer = new WireWriter(buffer.GetSpan(size));
        for (int i = 0; i < sequences.Count; i++)
        {
            writer.BeginMessage(WireTags.StepSequence, SizeOf(sequences[i]));
            Write(sequences[i], ref writer);
        }
        buffer.Advance(size);
    }

    private static int SizeOf(SequenceEvent sequence)
    {
        int size = WireWriter.SizeOf(sequence.RequestId) + WireWriter.SizeOf(sequence.SequenceIndex);
        for (int i = 0; i < sequence.Tokens.Count; i++)
            size += WireWriter.SizeOfMessage(SizeOf(sequence.Tokens[i]));
        return size;
    }

    private static void Write(SequenceEvent sequence, ref WireWriter writer)
    {
        writer.Write(WireTags.RequestId, sequence.RequestId);
        writer.Write(WireTags.SequenceIndex, sequence.SequenceIndex);
        for (int i = 0; i < sequence.Tokens.Count; i++)
        {
            TokenEvent token = sequence.Tokens[i];
            writer.BeginMessage(WireTags.SequenceToken, SizeOf(token));
            writer.Write(WireTags.TokenId, token.Id);
            writer.Write(WireTags.TokenText, token.Text);
            writer.Write(WireTags.TokenIsSpecial, token.IsSpecial);
        }
    }

    private static int SizeOf(TokenEvent token) =>
        WireWriter.SizeOf(token.Id) + WireWriter.SizeOf(token.Text) + WireWriter.SizeOf(token.IsSpecial);
}
