using LlamaHost.Engine.Requests;

namespace LlamaHost.Protocol;

/// <summary>Sampling settings to and from their wire form.</summary>
internal static class SamplingMapping
{
    public static Sampling ToMessage(this SamplingSettings settings) => new()
    {
        DoSample = settings.DoSample,
        Temperature = settings.Temperature,
        TopK = settings.TopK,
        TopP = settings.TopP,
        MinP = settings.MinP,
        RepetitionPenalty = settings.RepetitionPenalty,
    };

    public static SamplingSettings ToSettings(this Sampling message) => new()
    {
        DoSample = message.DoSample,
        Temperature = message.Temperature,
        TopK = message.TopK,
        TopP = message.TopP,
        MinP = message.MinP,
        RepetitionPenalty = message.RepetitionPenalty,
    };
}
