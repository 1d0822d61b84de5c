using System.Text.Json;
using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Generations;
using LlamaHost.Runtime.Tests.Harness;
using LlamaHost.Tests;

namespace LlamaHost.Runtime.Tests;

/// <summary>Generations through real workers.</summary>
public sealed class GenerationTests
{
    [Fact]
    public async Task A_prompt_is_continued_as_transformers_does()
    {
        using JsonDocument golden = RepositoryFiles.Golden("greedy");
        JsonElement expected = golden.RootElement.GetProperty("cases")[0];
        await using var harness = new RuntimeHarness();
        int[] prompt = expected.GetProperty("prompt_ids").Deserialize<int[]>()!;
        string promptText = expected.GetProperty("prompt").GetString()!;
        Assert.Equal(prompt, await harness.Runtime.TokenizeAsync(harness.Model, promptText, addSpecial: true, parseSpecial: false, harness.Patience));

        var request = new GenerationRequest { Id = "golden", PromptTokens = prompt, Stop = new StopSettings { MaxNewTokens = 40 } };
        ReadSequences read = await ReadSequences.ReadAsync(await harness.StartAsync(request), harness.Patience);

        int[] sequence = expected.GetProperty("sequences")[0].Deserialize<int[]>()!;
        Assert.Equal(sequence[prompt.Length..], read.Tokens[0]);
        Assert.Equal(expected.GetProperty("new_texts")[0].GetString(), read.Texts[0]);
        Assert.Equal(FinishReason.EndOfSequence, read.Finishes[0]!.Reason);
        (string text, IReadOnlyList<string> pieces) = await harness.Runtime.DetokenizeAsync(harness.Model, read.Tokens[0], true, harness.Patience);
        Assert.Equal(read.Texts[0], text);
        Assert.Equal(read.Tokens[0].Count, pieces.Count);
    }

    [Fact]
    public async Task Readers_that_come_at_any_time_read_the_same()
    {
        await using var harness = new RuntimeHarness();
        Generation generation = await harness.StartAsync(harness.Request(newTokens: 200, sequences: 3));
        List<Task<ReadSequences>> readers = [];
        ReadSequences first = await ReadSequences.ReadAsync(generation, harness.Patience, read =>
        {
            if (read.TokenCount % 50 == 0)
                readers.Add(ReadSequences.ReadAsync(generation, harness.Patience));
        });
        readers.Add(ReadSequences.ReadAsync(generation, harness.Patience));
        foreach (ReadSequences other in await Task.WhenAll(readers))
        {
            Assert.Equal(first.Tokens, other.Tokens);
            Assert.Equal(first.Texts, other.Texts);
        }
        Assert.All(first.Finishes, finish => Assert.Equal(FinishReason.Length, finish!.Reason));
    }

    [Fact]
    public async Task A_request_that_the_engine_refuses_fails_with_the_engine_s_reason()
    {
        await using var harness = new RuntimeHarness();
        Generation generation = await harness.StartAsync(harness.Request(newTokens: 100_000));
        InvalidRequestException refused = await Assert.ThrowsAsync<InvalidRequestException>(
            () => ReadSequences.ReadAsync(generation, harness.Patience));
        Assert.Equal("context_length_exceeded", refused.Code);
        Generation next = await harness.StartAsync(harness.Request());
        Assert.Equal(20, (await ReadSequences.ReadAsync(next, harness.Patience)).TokenCount);
    }

    [Fact]
    public async Task A_disposed_generation_is_cancelled_and_makes_room()
    {
        await using var harness = new RuntimeHarness(options => options.MaxOpenSequences = RuntimeHarness.LongSequences);
        Generation first = await harness.StartAsync(harness.LongRequest());
        ModelUnavailableException full = await Assert.ThrowsAsync<ModelUnavailableException>(() => harness.StartAsync(harness.Request()));
        Assert.Equal(("queue_full", true), (full.Code, full.IsOverload));
        Assert.InRange(full.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));

        await first.DisposeAsync();
        ReadSequences cut = await ReadSequences.ReadAsync(first, harness.Patience);
        Assert.All(cut.Finishes, finish => Assert.Equal(FinishReason.Cancelled, finish!.Reason));
        Assert.InRange(cut.TokenCount, 0, RuntimeHarness.LongTokens - 1);

        Generation second = await harness.StartAsync(harness.Request());
        Assert.Equal(20, (await ReadSequences.ReadAsync(second, harness.Patience)).TokenCount);
    }

    [Fact]
    public async Task Requests_are_admitted_together_or_not_at_all()
    {
        await using var harness = new RuntimeHarness(options => options.MaxOpenSequences = RuntimeHarness.LongSequences + 8);
        Generation open = await harness.StartAsync(harness.LongRequest());
        GenerationRequest[] nine = [.. Enumerable.Range(0, 9).Select(_ => harness.Request())];
        await Assert.ThrowsAsync<ModelUnavailableException>(() => harness.Runtime.StartAsync(harness.Model, nine, harness.Patience));
        IReadOnlyList<Generation> eight = await harness.Runtime.StartAsync(harness.Model, nine[..8], harness.Patience);
        await open.DisposeAsync();
        foreach (Generation one in eight)
            Assert.Equal(20, (await ReadSequences.ReadAsync(one, harness.Patience)).TokenCount);
    }

    [Fact]
    public async Task More_sequences_than_ever_fit_are_the_client_s_mistake()
    {
        await using var harness = new RuntimeHarness(options => options.MaxOpenSequences = 4);
        InvalidRequestException refused = await Assert.ThrowsAsync<InvalidRequestException>(() => harness.StartAsync(harness.Request(sequences: 5)));
        Assert.Equal(("too_many_sequences", "num_return_sequences"), (refused.Code, refused.Field));
        Assert.Equal(ModelState.NotLoaded, harness.Status.State);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_beam_search_takes_the_room_of_its_beams_and_gives_all_of_it_back(int returned)
    {
        await using var harness = new RuntimeHarness(options => options.MaxOpenSequences = 8);
        GenerationRequest Beams(int newTokens, int count) => harness.Request(newTokens, returned) with { Beams = new BeamSettings { Count = count } };
        InvalidRequestException tooMany = await Assert.ThrowsAsync<InvalidRequestException>(() => harness.StartAsync(Beams(20, 9)));
        Assert.Equal(("too_many_sequences", "num_beams"), (tooMany.Code, tooMany.Field));

        Generation cancelled = await harness.StartAsync(Beams(480, 8));
        ModelUnavailableException full = await Assert.ThrowsAsync<ModelUnavailableException>(() => harness.StartAsync(harness.Request()));
        Assert.Equal("queue_full", full.Code);
        await cancelled.DisposeAsync();
        await ReadSequences.ReadAsync(cancelled, harness.Patience);

        // Were less or more given back than was taken, the second would be refused or the ninth admitted.
        foreach (int count in new[] { 8, 8 })
        {
            ReadSequences read = await ReadSequences.ReadAsync(await harness.StartAsync(Beams(20, count)), harness.Patience);
            Assert.Equal(20 * returned, read.TokenCount);
        }
        Generation seven = await harness.StartAsync(Beams(480, 7));
        Generation eighth = await harness.StartAsync(harness.Request(newTokens: 400));
        await Assert.ThrowsAsync<ModelUnavailableException>(() => harness.StartAsync(harness.Request()));
        await eighth.DisposeAsync();
        await seven.DisposeAsync();
    }

    [Fact]
    public async Task A_guided_sequence_takes_the_room_of_two()
    {
        await using var harness = new RuntimeHarness(options => options.MaxOpenSequences = 4);
        GenerationRequest Guided(int sequences) =>
            harness.Request(sequences: sequences) with { Sampling = SamplingSettings.Greedy with { GuidanceScale = 1.5f } };
        await Assert.ThrowsAsync<InvalidRequestException>(() => harness.StartAsync(Guided(3)));
        for (int i = 0; i < 2; i++)
            Assert.Equal(40, (await ReadSequences.ReadAsync(await harness.StartAsync(Guided(2)), harness.Patience)).TokenCount);
        Assert.Equal(80, (await ReadSequences.ReadAsync(await harness.StartAsync(harness.Request(sequences: 4)), harness.Patience)).TokenCount);
    }

    [Fact]
    public async Task Draining_lets_open_generations_end_and_takes_no_others()
    {
        await using var harness = new RuntimeHarness();
        Generation open = await harness.StartAsync(harness.LongRequest());
        Task draining = harness.Runtime.DrainAsync(harness.Patience);
        ModelUnavailableException refused = await Assert.ThrowsAsync<ModelUnavailableException>(() => harness.StartAsync(harness.Request()));
        Assert.Equal(("shutting_down", false), (refused.Code, refused.IsOverload));
        ReadSequences read = await ReadSequences.ReadAsync(open, harness.Patience);
        Assert.Equal(RuntimeHarness.LongTokens, read.TokenCount);
        await draining;
    }

    [Fact]
    public async Task Draining_ends_when_its_time_is_over_and_what_was_open_fails_at_the_end()
    {
        var harness = new RuntimeHarness();
        Generation open = await harness.StartAsync(harness.LongRequest());
        await harness.Runtime.DrainAsync(new CancellationToken(canceled: true));
        await harness.DisposeAsync();
        ModelUnavailableException failed = await Assert.ThrowsAsync<ModelUnavailableException>(
            () => ReadSequences.ReadAsync(open, TestContext.Current.CancellationToken));
        Assert.Equal("shutting_down", failed.Code);
    }
}
