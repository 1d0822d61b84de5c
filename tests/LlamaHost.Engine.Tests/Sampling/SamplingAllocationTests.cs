using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Sampling;

namespace LlamaHost.Engine.Tests.Sampling;

public sealed class SamplingAllocationTests
{
    private static readonly SamplingSettings Drawn = new() { DoSample = true, TopK = 0 };

    private static readonly Dictionary<string, SamplingSettings> Settings = new()
    {
        ["greedy"] = SamplingSettings.Greedy,
        ["temperature"] = Drawn with { Temperature = 0.7f },
        ["dynamic temperature"] = Drawn with { DynamicTemperatureRange = 0.5f },
        ["top_k"] = Drawn with { TopK = 50 },
        ["large top_k"] = Drawn with { TopK = 1000 },
        ["top_p"] = Drawn with { TopP = 0.9f },
        ["top_k and top_p"] = Drawn with { TopK = 50, TopP = 0.9f, Temperature = 0.7f },
        ["min_p"] = Drawn with { MinP = 0.05f },
        ["typical_p"] = Drawn with { TypicalP = 0.9f },
        ["top_h"] = Drawn with { TopH = 0.4f },
        ["epsilon_cutoff"] = Drawn with { EpsilonCutoff = 3e-4f },
        ["eta_cutoff"] = Drawn with { EtaCutoff = 3e-4f },
        ["top_n_sigma"] = Drawn with { TopNSigma = 1 },
        ["xtc"] = Drawn with { Xtc = new XtcSettings(0.5f, 0.01f) },
        ["mirostat"] = Drawn with { Mirostat = new MirostatSettings(5, 0.1f) },
        ["penalties"] = new() { RepetitionPenalty = 1.1f, EncoderRepetitionPenalty = 1.1f, FrequencyPenalty = 0.5f, PresencePenalty = 0.5f },
        ["ngrams"] = new() { NoRepeatNgramSize = 3, EncoderNoRepeatNgramSize = 3, RemoveInvalidValues = true },
        ["dry"] = new() { Dry = new DrySettings(0.8f, 1.75f, 2, -1, [[13], [20, 21]]) },
    };

    public static TheoryData<string> Names => [.. Settings.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_choice_allocates_nothing(string name)
    {
        const int Vocabulary = 6000;
        var random = new Random(5);
        float[] logits = [.. Enumerable.Range(0, Vocabulary).Select(_ => (float)(8 * random.NextDouble()))];
        int[] tokens = [.. Enumerable.Range(0, 400).Select(_ => random.Next(60))];
        SamplingSettings settings = Settings[name];
        var pipeline = new SamplingPipeline(new PipelineContext(settings, 0, int.MaxValue, [], [], IsBeamSearch: false, Vocabulary));
        var sampler = new TokenSampler(Vocabulary);
        MirostatState? mirostat = settings.Mirostat is { } steered ? new MirostatState(steered) : null;
        long Allocated(ulong from, ulong to)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (ulong seed = from; seed < to; seed++)
                sampler.Choose(logits, pipeline, new TokenHistory(tokens, 100, tokens.AsSpan(0, 100)), new RandomStream(seed), mirostat);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // The first choices make what is kept for the next ones.
        Allocated(0, 20);
        Assert.Equal(0, Allocated(20, 60));
    }
}
