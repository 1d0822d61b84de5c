using CsCheck;
using LlamaHost.Engine.Scheduling;
using LlamaHost.Engine.Tests.Fakes;

namespace LlamaHost.Engine.Tests.Scheduling;

public sealed class SavedPrefixesTests
{
    private const int Cells = 1024;

    // Few long runs in few combinations: contents that share long beginnings and part in the middle of a block.
    private static readonly Gen<int[]> Contents =
        from runs in Gen.Int[0, 2].Array[1, 4]
        from length in Gen.Int[1, 300]
        select runs.SelectMany((run, index) => Enumerable.Range(0, 80).Select(i => 1 + ((run + (index * 3) + i) % 50))).Take(length).ToArray();

    [Fact]
    public void What_is_found_is_what_was_saved_and_never_more_than_there_is_memory_for() =>
        Gen.Select(Gen.Int[0, 900], Gen.Select(Gen.Bool, Gen.Int[0, 1], Contents).Array[1, 40]).Sample((capacity, uses) =>
        {
            using var executor = new ScriptedExecutor(Cells, maxSequences: 2, batchTokens: 512) { SavableTokens = capacity };
            var operations = new List<CacheOperation>();
            var saved = new SavedPrefixes(capacity, operations);
            var everything = new List<(string Salt, int[] Content)>();
            foreach ((bool save, int who, int[] content) in uses)
            {
                string salt = who == 0 ? "" : "other";
                int found = saved.Match(salt, content);
                // Nothing is found that was not saved under this salt.
                IEnumerable<int> shared = everything.Where(one => one.Salt == salt).Select(one => content.AsSpan().CommonPrefixLength(one.Content));
                Assert.True(found <= shared.DefaultIfEmpty().Max());
                if (save)
                {
                    Compute(executor, content);
                    saved.Save(salt, 0, content);
                    everything.Add((salt, content));
                }
                else
                {
                    Assert.Equal(found, saved.Restore(salt, 0, content, 0, Cells));
                }
                Apply(operations, executor);
                Assert.Equal(saved.Count, executor.SavedTokens);
                if (save)
                    Assert.True(saved.Match(salt, content) == content.Length || saved.Count + content.Length > capacity, "There was room for it.");
                executor.Truncate(0, 0);
            }
        });

    [Fact]
    public void A_shared_beginning_is_kept_once()
    {
        using var executor = new ScriptedExecutor(Cells, maxSequences: 2, batchTokens: 512) { SavableTokens = 1000 };
        var operations = new List<CacheOperation>();
        var saved = new SavedPrefixes(1000, operations);
        int[] beginning = [.. Enumerable.Range(0, 256).Select(i => 1 + (i % 50))];
        foreach (int own in new[] { 51, 52, 53 })
        {
            int[] content = [.. beginning, .. Enumerable.Repeat(own, 20)];
            Compute(executor, content);
            saved.Save("", 0, content);
            Apply(operations, executor);
            executor.Truncate(0, 0);
        }
        Assert.Equal(256 + (3 * 20), executor.SavedTokens);
    }

    [Fact]
    public void Content_is_not_shared_between_salts()
    {
        var saved = new SavedPrefixes(1000, []);
        saved.Save("a", 0, [1, 2, 3]);
        Assert.Equal(3, saved.Match("a", [1, 2, 3, 4]));
        Assert.Equal(0, saved.Match("b", [1, 2, 3, 4]));
    }

    [Fact]
    public void The_content_that_was_used_last_stays()
    {
        var operations = new List<CacheOperation>();
        var saved = new SavedPrefixes(128, operations);
        int[] Content(int token) => [.. Enumerable.Repeat(token, 64)];
        saved.Save("", 0, Content(1));
        saved.Save("", 0, Content(2));
        saved.Restore("", 1, Content(1), 0, Cells);
        saved.Save("", 0, Content(3));
        Assert.Equal((64, 0, 64), (saved.Match("", Content(1)), saved.Match("", Content(2)), saved.Match("", Content(3))));
    }

    private static void Compute(ScriptedExecutor executor, int[] content)
    {
        var batch = new LlamaHost.Engine.Execution.Batch(512);
        for (int i = 0; i < content.Length; i++)
            batch.Add(content[i], i, 0, output: false);
        executor.Decode(batch);
    }

    private static void Apply(List<CacheOperation> operations, ScriptedExecutor executor)
    {
        foreach (CacheOperation operation in operations)
            operation.ApplyTo(executor);
        operations.Clear();
    }
}
