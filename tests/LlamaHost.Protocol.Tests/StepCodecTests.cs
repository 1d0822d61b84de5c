using System.Buffers;
using CsCheck;
using Google.Protobuf;
using Grpc.Core;
using LlamaHost.Engine.Requests;
using LlamaHost.Protocol.Sessions;

namespace LlamaHost.Protocol.Tests;

/// <summary>The steps' own writer and reader against the classes that are generated from the contract.</summary>
public sealed class StepCodecTests
{
    private static readonly Gen<SessionStep> AnyStep =
        AnyRecord.Of<StepEvents>().Select(step => new SessionStep(step.Sequences) { Load = step.Load });

    private static readonly Gen<SessionStep> PlainStep = AnyStep.Select(step => new SessionStep(
        [.. step.Sequences.Select(sequence => sequence with { Finish = null, Tokens = [.. sequence.Tokens.Select(Plain)] })]));

    private static readonly Gen<SessionStep> Refusing = AnyStep.Select(step => step with
    {
        Refusals = [new InvalidRequestException("too_long", "prompt", "Too long.").ToRefusal("r1")],
    });

    private static readonly Gen<SessionStep> Steps = Gen.Frequency((3, PlainStep), (2, AnyStep), (1, Refusing));

    [Fact]
    public void What_is_written_is_what_the_generated_classes_write() =>
        Steps.Sample(step => Assert.Equal(step.ToMessage().ToByteArray(), Write(step)));

    [Fact]
    public void What_the_generated_classes_write_is_read_with_every_property() =>
        Steps.Sample(step => AssertSame(step, Read(new StepReader(), step.ToMessage().ToByteArray())));

    [Fact]
    public void Steps_that_one_reader_reads_after_each_other_are_each_itself() =>
        Steps.Array[1, 8].Sample(steps =>
        {
            var reader = new StepReader();
            foreach (SessionStep step in steps)
                AssertSame(step, Read(reader, Write(step)));
        });

    [Fact]
    public void A_step_in_several_pieces_of_memory_is_read_as_one() =>
        Gen.Select(PlainStep, Gen.Double[0, 1]).Sample((step, share) =>
        {
            byte[] bytes = Write(step);
            int cut = (int)(share * bytes.Length);
            AssertSame(step, new StepReader().Read(new Payload(Segment.Join(bytes[..cut], bytes[cut..]))));
        });

    [Fact]
    public void Fields_of_a_later_version_are_left_out()
    {
        var message = new StepMessage { Sequences = { new SequenceStep { RequestId = "r1", Tokens = { new Token { Id = 7, Text = "a" } } } } };
        // Field 9, a number: 1.
        byte[] later = [.. message.ToByteArray(), (9 << 3) | 0, 1];

        AssertSame(message.ToStep(), Read(new StepReader(), later));
    }

    [Fact]
    public void A_message_cut_short_is_refused()
    {
        byte[] bytes = Write(OneToken());
        for (int length = 1; length < bytes.Length; length++)
            Assert.Throws<InvalidProtocolBufferException>(() => Read(new StepReader(), bytes[..length]));
    }

    [Fact]
    public void The_id_of_a_request_is_made_once()
    {
        var reader = new StepReader();
        byte[] bytes = Write(OneToken());

        string first = Read(reader, bytes).Sequences[0].RequestId;

        Assert.Same(first, Read(reader, bytes).Sequences[0].RequestId);
    }

    private static SessionStep OneToken() =>
        new([new SequenceEvent { RequestId = "r1", SequenceIndex = 0, Tokens = [new TokenEvent(7, "abc", false)] }]);

    private static TokenEvent Plain(TokenEvent token) => token with { LogProb = null, Alternatives = null };

    private static byte[] Write(SessionStep step)
    {
        var output = new Output();
        StepWriter.Write(step, output);
        return output.Written();
    }

    private static SessionStep Read(StepReader reader, byte[] bytes) => reader.Read(new Payload(new ReadOnlySequence<byte>(bytes)));

    private static void AssertSame(SessionStep expected, SessionStep actual)
    {
        Assert.Null(AnyRecord.Difference(expected.Sequences, actual.Sequences));
        Assert.Equal(expected.Refusals, actual.Refusals);
        Assert.Equal(expected.Load, actual.Load);
    }

    private sealed class Output : SerializationContext
    {
        private readonly ArrayBufferWriter<byte> _buffer = new();
        private int _length;
        private bool _isComplete;

        public byte[] Written()
        {
            Assert.True(_isComplete);
            Assert.Equal(_length, _buffer.WrittenCount);
            return _buffer.WrittenSpan.ToArray();
        }

        public override void SetPayloadLength(int payloadLength) => _length = payloadLength;

        public override IBufferWriter<byte> GetBufferWriter() => _buffer;

        public override void Complete() => _isComplete = true;
    }

    private sealed class Payload(ReadOnlySequence<byte> bytes) : DeserializationContext
    {
        public override int PayloadLength => (int)bytes.Length;

        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => bytes;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Join(byte[] first, byte[] second)
        {
            var end = new Segment { Memory = second, RunningIndex = first.Length };
            var start = new Segment { Memory = first, Next = end };
            return new ReadOnlySequence<byte>(start, 0, end, second.Length);
        }
    }
}
