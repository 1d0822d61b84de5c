using CsCheck;
using Google.Protobuf;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Protocol.Tests;

public sealed class MappingTests
{
    [Fact]
    public void A_request_survives_the_wire_with_every_property() =>
        AnyRecord.Of<GenerationRequest>().Sample(request =>
            AssertSame(request, Wire(request.ToMessage(), Submit.Parser).ToRequest()));

    [Fact]
    public void A_model_description_survives_the_wire_with_every_property() =>
        AnyRecord.Of<ModelDescription>().Sample(model =>
            AssertSame(model, Wire(model.ToMessage(), ModelInfo.Parser).ToDescription()));

    [Fact]
    public void The_start_line_survives_the_pipe_with_every_property_in_one_line() =>
        AnyRecord.Of<WorkerStartup>().Sample(startup =>
        {
            byte[] line = PipeJson.Write(startup);
            Assert.Equal(line.Length - 1, line.IndexOf((byte)'\n'));
            AssertSame(startup, PipeJson.ReadStartup(line));
        });

    [Fact]
    public void An_output_line_survives_the_pipe_with_every_property_in_one_line() =>
        AnyRecord.Of<WorkerLine>().Sample(written =>
        {
            byte[] line = PipeJson.Write(written);
            Assert.Equal(line.Length - 1, line.IndexOf((byte)'\n'));
            AssertSame(written, PipeJson.ReadLine(line));
        });

    [Theory]
    [InlineData(null)]
    [InlineData("max_new_tokens")]
    public void A_refusal_reaches_the_client_as_the_engine_gave_it(string? field)
    {
        var given = new InvalidRequestException("context_length_exceeded", field, "Too long.");
        Refusal message = Wire(given.ToRefusal("r1"), Refusal.Parser);
        InvalidRequestException seen = message.ToException();
        Assert.Equal("r1", message.RequestId);
        Assert.Equal((given.Code, given.Field, given.Message), (seen.Code, seen.Field, seen.Message));
    }

    [Fact]
    public void The_comparison_sees_every_property_of_a_request()
    {
        var request = new GenerationRequest { Id = "a", PromptTokens = [1] };
        Assert.Equal("value.Stop.StopTexts: 0 items became 1", AnyRecord.Difference(request, request with { Stop = new() { StopTexts = ["x"] } }));
        Assert.Equal("value.Sampling.TopK: 50 became 3", AnyRecord.Difference(request, request with { Sampling = new() { TopK = 3 } }));
    }

    private static T Wire<T>(T message, MessageParser<T> parser) where T : IMessage<T> => parser.ParseFrom(message.ToByteArray());

    private static void AssertSame(object expected, object? actual) => Assert.Null(AnyRecord.Difference(expected, actual));
}
