using System.Text;
using System.Text.Json;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate;
using LlamaHost.Server.Generate.Parameters;
using LlamaHost.Server.Generate.Rules;

namespace LlamaHost.Server.Tests.Binding;

public sealed class ParameterTableTests
{
    [Fact]
    public void Every_field_arrives_where_it_belongs()
    {
        GenerateRequest request = Bind(
            """
            {
              "prompt": ["a", ""], "model": "m", "max_length": 50, "max_new_tokens": 7, "min_new_tokens": 1, "num_return_sequences": 3,
              "do_sample": true,
              "temperature": 0.5, "top_k": 4, "top_p": 0.25, "min_p": 0.125, "repetition_penalty": 1.5, "seed": 18446744073709551615, "stop": "x",
              "stop_token_ids": [3, 2], "return_full_text": false, "skip_special_tokens": false, "logprobs": 20, "details": true, "stream": true
            }
            """);

        Assert.Equal(["a", ""], request.Prompts);
        Assert.Equal(("m", 50, 7, 1, 3), (request.Model, request.MaxLength, request.MaxNewTokens, request.MinNewTokens, request.NumReturnSequences));
        Assert.Equal(
            (true, 0.5f, 4, 0.25f, 0.125f),
            (request.DoSample, request.Temperature, request.Sampling.TopK, request.Sampling.TopP, request.Sampling.MinP));
        Assert.Equal((1.5f, ulong.MaxValue), (request.Sampling.RepetitionPenalty, request.Seed));
        Assert.Equal(["x"], request.Stop);
        Assert.Equal([3, 2], request.StopTokenIds);
        Assert.Equal(
            (false, false, 20, true, true), (request.ReturnFullText, request.SkipSpecialTokens, request.Logprobs, request.Details, request.Stream));
    }

    [Fact]
    public void Null_is_the_same_as_left_out()
    {
        string nulls = string.Join(
            ", ", GenerateParameters.Table.Parameters.Where(one => one.Name != "prompt" && !one.IsNullValue).Select(one => $"\"{one.Name}\": null"));

        GenerateRequest request = Bind($$"""{"prompt": "a", {{nulls}}}""");

        Assert.Equivalent(Bind("""{"prompt": "a"}"""), request);
    }

    [Theory]
    [InlineData("50", 50)]
    [InlineData("50.0", 50)]
    [InlineData("5e1", 50)]
    [InlineData("2147483647", int.MaxValue)]
    public void Whole_numbers_may_be_written_in_any_way(string json, int expected) =>
        Assert.Equal(expected, Bind($$"""{"prompt": "a", "max_length": {{json}}}""").MaxLength);

    [Theory]
    [InlineData("max_tokens", "max_new_tokens")]
    [InlineData("n", "num_return_sequences")]
    [InlineData("inputs", "prompt")]
    [InlineData("maxNewTokens", "max_new_tokens")]
    [InlineData("max-length", "max_length")]
    [InlineData("temprature", "temperature")]
    [InlineData("topk", "top_k")]
    [InlineData("sede", "seed")]
    public void A_near_miss_is_told_what_was_meant(string name, string meant)
    {
        ApiException error = Assert.Throws<ApiException>(() => Bind($$"""{"prompt": "a", "{{name}}": 1}"""));

        Assert.Equal((ErrorCodes.UnknownField, name), (error.Code, error.Field));
        Assert.EndsWith($"Did you mean {meant}?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_like_no_other_gets_no_guess()
    {
        ApiException error = Assert.Throws<ApiException>(() => Bind("""{"prompt": "a", "colour": 1}"""));

        Assert.DoesNotContain("mean", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_row_is_described_and_no_name_is_used_twice()
    {
        IReadOnlyList<Parameter<GenerateRequest>> rows = GenerateParameters.Table.Parameters;

        Assert.All(rows, row => Assert.False(string.IsNullOrWhiteSpace(row.Description), row.Name));
        Assert.All(rows, row => Assert.True(row.IsRequired || row.Default is not null || row.WhenLeftOut is not null, row.Name));
        string[] names = [.. rows.Select(row => row.Name), .. rows.SelectMany(row => row.OtherNames)];
        Assert.Equal(names.Length, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    [Fact]
    public void Documented_defaults_are_what_a_request_without_the_field_gets()
    {
        GenerateRequest bare = Bind("""{"prompt": "a"}""");
        Parameter<GenerateRequest>[] fixedDefaults = [.. GenerateParameters.Table.Parameters.Where(one => one.Default is not null)];
        string given = string.Join(", ", fixedDefaults.Select(one => $"\"{one.Name}\": {one.Default!.ToJsonString()}"));
        GenerateRequest spelled = Bind($$"""{"prompt": "a", "do_sample": true, {{given}}}""");

        Assert.Equivalent(
            SamplingRule.Resolve(Bind("""{"prompt": "a", "do_sample": true}"""), null, []), SamplingRule.Resolve(spelled, null, []), strict: true);
        Assert.Equal(
            (bare.NumBeams, bare.EarlyStopping, bare.LengthPenalty), (spelled.NumBeams, spelled.EarlyStopping, spelled.LengthPenalty));
        Assert.Equal(
            (bare.NumReturnSequences, bare.ReturnFullText, bare.SkipSpecialTokens, bare.Details, bare.MinNewTokens ?? 0),
            (spelled.NumReturnSequences, spelled.ReturnFullText, spelled.SkipSpecialTokens, spelled.Details, spelled.MinNewTokens));
    }

    private static GenerateRequest Bind(string json)
    {
        using JsonDocument body = JsonBody.Parse(Encoding.UTF8.GetBytes(json), 32);
        return GenerateParameters.Table.Bind(body.RootElement);
    }
}
