using System.Buffers;
using System.Text;
using Grpc.Core;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Protocol.Sessions;

/// <summary>
/// Reads one session's messages: plain ones (see <see cref="StepWriter"/>) straight into events, the others by the generated classes. Not
/// thread-safe. A step's list is overwritten by the next step; its events are not.
/// </summary>
internal sealed class StepReader
{
    private readonly RequestIds _ids = new();
    private readonly List<SequenceEvent> _sequences = [];
    private readonly List<TokenEvent> _tokens = [];
    private readonly SessionStep _plain;

    public StepReader() => _plain = new SessionStep(_sequences);

    public SessionStep Read(DeserializationContext context)
    {
        ReadOnlySequence<byte> payload = context.PayloadAsReadOnlySequence();
        if (TryReadPlain(payload.IsSingleSegment ? payload.FirstSpan : payload.ToArray()))
            return _plain;
        SessionStep step = StepMessage.Parser.ParseFrom(payload).ToStep();
        foreach (SequenceEvent sequence in step.Sequences)
        {
            if (sequence.Finish is not null)
                _ids.Forget(sequence.RequestId);
        }
        return step;
    }

    private bool TryReadPlain(ReadOnlySpan<byte> payload)
    {
        _sequences.Clear();
        var reader = new WireReader(payload);
        while (!reader.IsAtEnd)
        {
            if (reader.ReadTag() != WireTags.StepSequence || !reader.TryRead(out ReadOnlySpan<byte> sequence) || !TryReadSequence(sequence))
                return false;
        }
        return true;
    }

    private bool TryReadSequence(ReadOnlySpan<byte> message)
    {
        (string id, int index) = ("", 0);
        _tokens.Clear();
        var reader = new WireReader(message);
        while (!reader.IsAtEnd)
        {
            switch (reader.ReadTag())
            {
                case WireTags.RequestId when reader.TryRead(out ReadOnlySpan<byte> text):
                    id = _ids.Of(text);
                    break;
                case WireTags.SequenceIndex when reader.TryRead(out index):
                    break;
                case WireTags.SequenceToken when reader.TryRead(out ReadOnlySpan<byte> token) && TryReadToken(token):
                    break;
                default:
                    return false;
            }
        }
        _sequences.Add(new SequenceEvent { RequestId = id, SequenceIndex = index, Tokens = _tokens.ToArray() });
        return true;
    }

    private bool TryReadToken(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> text = default;
        (int id, bool isSpecial) = (0, false);
        var reader = new WireReader(message);
        while (!reader.IsAtEnd)
        {
            switch (reader.ReadTag())
            {
                case WireTags.TokenId when reader.TryRead(out id):
                case WireTags.TokenText when reader.TryRead(out text):
                case WireTags.TokenIsSpecial when reader.TryRead(out isSpecial):
                    break;
                default:
                    return false;
            }
        }
        _tokens.Add(new TokenEvent(id, Encoding.UTF8.GetString(text), isSpecial));
        return true;
    }
}
