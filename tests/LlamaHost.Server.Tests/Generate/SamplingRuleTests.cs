using LlamaHost.Engine.Requests;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate.Rules;

namespace LlamaHost.Server.Tests.Generate;

public sealed class SamplingRuleTests
{
    [Theory]
    [InlineData("", false)]
    [InlineData(", \"seed\": 4, \"repetition_penalty\": 1.2", false)]
    [InlineData(", \"temperature\": 0.7", true)]
    [InlineData(", \"temperature\": 1", true)]
    [InlineData(", \"top_k\": 0", true)]
    [InlineData(", \"top_p\": 0.9", true)]
    [InlineData(", \"min_p\": 0.1", true)]
    [InlineData(", \"num_return_sequences\": 2", true)]
    [InlineData(", \"do_sample\": true", true)]
    [InlineData(", \"do_sample\": false, \"temperature\": 0.7", false)]
    [InlineData(", \"temperature\": 0", false)]
    [InlineData(", \"temperature\": 0, \"top_p\": 0.5", false)]
    public void A_request_samples_if_it_says_so_or_gives_a_sampling_parameter(string fields, bool samples) =>
        Assert.Equal(samples, SamplingRule.Resolve(PlanFixture.Request($$"""{"prompt": "a"{{fields}}}"""), null, []).DoSample);

    [Fact]
    public void Sampling_has_the_defaults_of_Hugging_Face() => Assert.Equivalent(
        new SamplingSettings { DoSample = true, Temperature = 1, TopK = 50, TopP = 1, MinP = 0, RepetitionPenalty = 1 },
        SamplingRule.Resolve(PlanFixture.Request("""{"prompt": "a", "do_sample": true}"""), null, []));

    [Theory]
    [InlineData(""" "do_sample": true, "temperature": 0""", "temperature")]
    [InlineData(""" "do_sample": false, "num_return_sequences": 2""", "num_return_sequences")]
    [InlineData(""" "temperature": 0, "num_return_sequences": 2""", "num_return_sequences")]
    public void Contradictions_are_refused(string fields, string field)
    {
        ApiException error = Assert.Throws<ApiException>(
            () => SamplingRule.Resolve(PlanFixture.Request($$"""{"prompt": "a", {{fields}}}"""), null, []));

        Assert.Equal((400, ErrorCodes.ConflictingFields, field), (error.Status, error.Code, error.Field));
    }

    [Theory]
    [InlineData(""" "do_sample": false, "top_k": 3, "temperature": 2""", "temperature, top_k had no effect, because do_sample is false")]
    [InlineData(""" "temperature": 0, "top_p": 0.5""", "top_p had no effect, because temperature is 0")]
    public void A_warning_names_parameters_without_effect(string fields, string expected)
    {
        List<string> warnings = [];

        SamplingRule.Resolve(PlanFixture.Request($$"""{"prompt": "a", {{fields}}}"""), null, warnings);

        Assert.StartsWith(expected, Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Plain_greedy_search_by_temperature_0_is_no_reason_for_a_warning()
    {
        List<string> warnings = [];

        SamplingRule.Resolve(PlanFixture.Request("""{"prompt": "a", "temperature": 0}"""), null, warnings);

        Assert.Empty(warnings);
    }
}
