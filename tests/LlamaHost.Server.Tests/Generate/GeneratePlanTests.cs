using LlamaHost.Engine.Requests;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate;
using LlamaHost.Server.Generate.Rules;

namespace LlamaHost.Server.Tests.Generate;

public sealed class GeneratePlanTests
{
    [Theory]
    [InlineData("", 10, 90)]
    [InlineData(", \"max_length\": 50", 10, 40)]
    [InlineData(", \"max_length\": 11", 10, 1)]
    [InlineData(", \"max_length\": 100", 10, 90)]
    [InlineData(", \"max_new_tokens\": 90", 10, 90)]
    [InlineData(", \"max_new_tokens\": 1", 99, 1)]
    [InlineData(", \"max_new_tokens\": 20, \"max_length\": 5", 10, 20)]
    public void Lengths_mean_what_they_mean_in_Hugging_Face(string fields, int promptTokens, int expected) =>
        Assert.Equal(expected, PlanFixture.Plan($$"""{"prompt": "a"{{fields}}}""", promptTokens).Prompts[0].Stop.MaxNewTokens);

    [Fact]
    public void Without_a_length_there_are_256_new_tokens()
    {
        ModelDescription model = PlanFixture.Model with { ContextLength = 8192 };

        GeneratePlan plan = GeneratePlan.Create("gen-1", PlanFixture.Request("""{"prompt": "a"}"""), PlanFixture.Tokens(2), model);

        Assert.Equal(256, plan.Prompts[0].Stop.MaxNewTokens);
    }

    [Theory]
    [InlineData("", 100, ErrorCodes.ContextLengthExceeded, "prompt", "100", "100")]
    [InlineData("", 5000, ErrorCodes.ContextLengthExceeded, "prompt", "5000", "100")]
    [InlineData(", \"max_new_tokens\": 91", 10, ErrorCodes.ContextLengthExceeded, "max_new_tokens", "101", "100")]
    [InlineData(", \"max_new_tokens\": 2147483647", 10, ErrorCodes.ContextLengthExceeded, "max_new_tokens", "2147483657", "100")]
    [InlineData(", \"max_length\": 101", 10, ErrorCodes.ContextLengthExceeded, "max_length", "101", "100")]
    [InlineData(", \"max_length\": 10", 10, ErrorCodes.MaxLengthBelowPrompt, "max_length", "10", "10")]
    [InlineData(", \"max_length\": 3", 10, ErrorCodes.MaxLengthBelowPrompt, "max_length", "3", "10")]
    public void Lengths_that_do_not_fit_are_refused_with_both_counts(
        string fields, int promptTokens, string code, string field, string first, string second)
    {
        ApiException error = Assert.Throws<ApiException>(() => PlanFixture.Plan($$"""{"prompt": "a"{{fields}}}""", promptTokens));

        Assert.Equal((400, code, field), (error.Status, error.Code, error.Field));
        Assert.Contains($" {first} ", error.Message, StringComparison.Ordinal);
        Assert.Contains($" {second} ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", null, null, 0)]
    [InlineData(", \"prompt_lookup_num_tokens\": 5", 5, 32, 0)]
    [InlineData(", \"prompt_lookup_num_tokens\": 5, \"max_matching_ngram_size\": 2", 5, 2, 0)]
    [InlineData(", \"max_matching_ngram_size\": 2", null, null, 1)]
    public void Prompt_lookup_is_up_to_the_request_or_else_to_the_model_s_settings(string fields, int? most, int? matching, int warnings)
    {
        GeneratePlan plan = PlanFixture.Plan($$"""{"prompt": "a"{{fields}}}""", 1);

        PromptLookupSettings? lookup = plan.Prompts[0].PromptLookup;
        Assert.Equal((most, matching), (lookup?.MaxTokens, lookup?.MaxMatchingNgramSize));
        Assert.Equal(most, (int?)plan.Settings["prompt_lookup_num_tokens"]);
        Assert.Equal(warnings, plan.Warnings.Count);
    }

    [Fact]
    public void The_prompt_at_fault_is_named()
    {
        ApiException error = Assert.Throws<ApiException>(() => PlanFixture.Plan("""{"prompt": ["a", "b"]}""", 3, 100));

        Assert.StartsWith("prompt[1] has 100 tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_prompt_without_tokens_is_refused()
    {
        ApiException error = Assert.Throws<ApiException>(() => PlanFixture.Plan("""{"prompt": ""}""", 0));

        Assert.Equal((400, ErrorCodes.EmptyPrompt, "prompt"), (error.Status, error.Code, error.Field));
    }

    [Fact]
    public void A_stop_token_outside_the_vocabulary_is_refused()
    {
        TokenRule.Check(PlanFixture.Request("""{"prompt": "a", "stop_token_ids": [999]}"""), vocabularySize: 1000);
        Assert.Equal([999], PlanFixture.Plan("""{"prompt": "a", "stop_token_ids": [999]}""", 1).Prompts[0].Stop.StopTokenIds);

        ApiException error = Assert.Throws<ApiException>(
            () => TokenRule.Check(PlanFixture.Request("""{"prompt": "a", "stop_token_ids": [1000]}"""), vocabularySize: 1000));

        Assert.Equal((400, ErrorCodes.OutOfRange, "stop_token_ids"), (error.Status, error.Code, error.Field));
    }

    [Fact]
    public void Both_lengths_given_bring_a_warning()
    {
        GeneratePlan plan = PlanFixture.Plan("""{"prompt": "a", "max_new_tokens": 20, "max_length": 30}""", 10);

        Assert.Contains("max_new_tokens took precedence", Assert.Single(plan.Warnings), StringComparison.Ordinal);
        Assert.Null(plan.Settings["max_length"]);
        Assert.Equal(20, (int?)plan.Settings["max_new_tokens"]);
    }

    [Fact]
    public void A_minimum_that_cannot_be_reached_brings_a_warning_only()
    {
        GeneratePlan plan = PlanFixture.Plan("""{"prompt": "a", "max_new_tokens": 20, "min_new_tokens": 30}""", 10);

        Assert.Contains("can't be reached", Assert.Single(plan.Warnings), StringComparison.Ordinal);
        Assert.Equal(20, plan.Prompts[0].Stop.MinNewTokens);
    }

    [Theory]
    [InlineData(", \"min_length\": 15", 5)]
    [InlineData(", \"min_length\": 8", 0)]
    [InlineData(", \"min_length\": 15, \"min_new_tokens\": 3", 3)]
    [InlineData(", \"min_length\": 15, \"min_new_tokens\": 0", 0)]
    [InlineData(", \"min_length\": 99", 20)]
    public void A_minimum_length_counts_the_prompt_and_gives_way_to_that_of_new_tokens(string fields, int expected)
    {
        GeneratePlan plan = PlanFixture.Plan($$"""{"prompt": "a", "max_new_tokens": 20{{fields}}}""", 10);

        Assert.Equal(expected, plan.Prompts[0].Stop.MinNewTokens);
        Assert.Equal(
            fields.Contains("99", StringComparison.Ordinal) || fields.Contains("min_new", StringComparison.Ordinal) ? 1 : 0, plan.Warnings.Count);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(", \"eos_token_id\": 7", new[] { 7 })]
    [InlineData(", \"eos_token_id\": [7, 8, 7]", new[] { 7, 8 })]
    [InlineData(", \"eos_token_id\": null", new int[0])]
    [InlineData(", \"eos_token_id\": []", new int[0])]
    public void No_end_token_is_another_wish_than_the_models(string fields, int[]? expected) =>
        Assert.Equal(expected, PlanFixture.Plan($$"""{"prompt": "a"{{fields}}}""", 10).Prompts[0].Stop.EosTokenIds);

    [Fact]
    public void Settings_name_what_has_an_effect_and_nothing_else()
    {
        GeneratePlan plan = PlanFixture.Plan(
            """
            {
              "prompt": "a", "do_sample": false, "top_p": 0.5, "no_repeat_ngram_size": 3, "min_length": 20, "max_time": 2.5, "stop_strings": "x",
              "sequence_bias": [[[1, 2], -1.5]], "logit_bias": {"3": false}, "dry_multiplier": 0.5, "xtc_probability": 0.5, "early_stopping": "never",
              "seed": 1
            }
            """, 10);

        string[] settings =
        [
            """{"max_new_tokens":90,"min_length":20,"min_new_tokens":10,"max_time":2.5,"stop_strings":["x"],"num_return_sequences":1""",
            """ "do_sample":false,"seed":1,"repetition_penalty":1,"no_repeat_ngram_size":3,"sequence_bias":[[[1,2],-1.5]],"logit_bias":[[3,false]]""",
            """ "dry_multiplier":0.5,"dry_base":1.75,"dry_allowed_length":2,"dry_penalty_last_n":-1""",
            """ "dry_sequence_breakers":["\n",":","\u0022","*"]}""",
        ];
        Assert.Equal(string.Join(',', settings.Select(line => line.Trim())), plan.Settings.ToJsonString());
        Assert.Equal(
            [
                "top_p, xtc_probability had no effect, because do_sample is false: the most likely token was always taken.",
                "early_stopping had no effect, because there is no beam search: num_beams is 1.",
            ],
            plan.Warnings);
    }

    [Fact]
    public void An_encoder_reads_the_prompt_and_lengths_count_what_the_decoder_makes()
    {
        ModelDescription model = PlanFixture.Model with { EncoderLength = 512, DecoderStartTokenId = 0 };

        GeneratePlan plan = GeneratePlan.Create(
            "gen-1", PlanFixture.Request("""{"prompt": "a", "max_length": 20}"""), PlanFixture.Tokens(300), model);

        Assert.Equal((300, 19), (plan.Prompts[0].EncoderTokens.Count, plan.Prompts[0].Stop.MaxNewTokens));
        Assert.Equal([0], plan.Prompts[0].PromptTokens);
    }

    [Fact]
    public void Each_prompt_is_a_request_of_its_own_with_the_same_seed()
    {
        GeneratePlan together = PlanFixture.Plan("""{"prompt": ["a", "b"], "max_length": 50, "num_return_sequences": 3, "seed": 9}""", 10, 20);
        GeneratePlan alone = PlanFixture.Plan("""{"prompt": "b", "max_length": 50, "num_return_sequences": 3, "seed": 9}""", 20);

        Assert.Equal((40, 30), (together.Prompts[0].Stop.MaxNewTokens, together.Prompts[1].Stop.MaxNewTokens));
        Assert.NotEqual(together.Prompts[0].Id, together.Prompts[1].Id);
        Assert.Equivalent(alone.Prompts[0] with { Id = together.Prompts[1].Id }, together.Prompts[1]);
    }

    [Fact]
    public void A_random_seed_is_chosen_and_named_and_survives_JavaScript()
    {
        ulong[] seeds = [.. Enumerable.Range(0, 20).Select(_ => PlanFixture.Plan("""{"prompt": "a", "do_sample": true}""", 1)).Select(plan =>
        {
            Assert.Equal(plan.Prompts[0].Seed, (ulong?)plan.Settings["seed"]);
            return plan.Prompts[0].Seed;
        })];

        Assert.Equal(20, seeds.Distinct().Count());
        Assert.All(seeds, seed => Assert.Equal(seed, (ulong)(double)seed));
        Assert.All(seeds, seed => Assert.InRange(seed, 0UL, (1UL << 53) - 1));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(", \"details\": true", 0)]
    [InlineData(", \"logprobs\": 0", 0)]
    [InlineData(", \"details\": true, \"logprobs\": 4", 4)]
    public void Details_show_log_probabilities(string fields, int? expected) =>
        Assert.Equal(expected, PlanFixture.Plan($$"""{"prompt": "a"{{fields}}}""", 1).Prompts[0].LogProbs);

    [Theory]
    [InlineData("""{"prompt": "a", "num_return_sequences": 65}""", "num_return_sequences")]
    [InlineData("""{"prompt": ["a", "b"], "num_return_sequences": 33}""", "num_return_sequences")]
    public void More_sequences_than_allowed_are_refused_with_both_counts(string json, string field)
    {
        ApiException error = Assert.Throws<ApiException>(() => GeneratePlan.CheckAlone(PlanFixture.Request(json), 64));

        Assert.Equal((400, ErrorCodes.TooManySequences, field), (error.Status, error.Code, error.Field));
        Assert.Contains(" 64.", error.Message, StringComparison.Ordinal);
    }
}
