using LlamaHost.Engine.Execution.Threads;

namespace LlamaHost.Engine.Tests.Execution.Threads;

/// <summary>What the controller chooses among, and for what.</summary>
public sealed class ThreadChoicesTests
{
    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(2, new[] { 1, 2 })]
    [InlineData(3, new[] { 1, 2, 3 })]
    [InlineData(16, new[] { 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 15, 16 })]
    public void Counts_ascend_to_the_most(int most, int[] expected)
    {
        var counts = new ThreadCounts(most);

        Assert.Equal(expected, Enumerable.Range(0, counts.Length).Select(index => counts[index]));
    }

    [Fact]
    public void Of_many_threads_few_counts_are_tried_and_none_lies_far_from_the_next()
    {
        var counts = new ThreadCounts(128);

        Assert.InRange(counts.Length, 20, 35);
        Assert.Equal(128, counts[counts.Length - 1]);
        for (int index = 8; index < counts.Length; index++)
            Assert.InRange((double)counts[index] / counts[index - 1], 1, 1.25);
        Assert.Equal(0, counts.IndexAtMost(0));
        Assert.Equal(127, counts[counts.IndexAtMost(127)]);
        Assert.Equal(8, counts[counts.IndexAtMost(9)]);
    }

    [Fact]
    public void Shapes_part_the_numbers_of_tokens_into_half_octaves()
    {
        Assert.Equal([0, 1, 2, 3, 4, 4, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7, 8], Enumerable.Range(1, 17).Select(StepShape.Of));
        Assert.InRange(StepShape.Of(int.MaxValue), 0, StepShape.Count - 1);
    }

    [Fact]
    public void Hardware_threads_of_one_core_count_once()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        try
        {
            for (int processor = 0; processor < 4; processor++)
            {
                string topology = Path.Combine(folder.FullName, $"cpu{processor}", "topology");
                Directory.CreateDirectory(topology);
                File.WriteAllText(Path.Combine(topology, "thread_siblings_list"), $"{processor % 2},{(processor % 2) + 2}\n");
            }
            string status = Path.Combine(folder.FullName, "status");
            File.WriteAllText(status, "Name:\tx\nCpus_allowed_list:\t0-1,3\n");

            Assert.Equal([0, 1, 3], ProcessorCores.Allowed(status));
            Assert.Equal(2, ProcessorCores.Physical(folder.FullName, ProcessorCores.Allowed(status)));
            Assert.Equal(0, ProcessorCores.Physical(folder.FullName, [7]));
            Assert.Empty(ProcessorCores.Allowed(status + ".none"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void This_machine_has_a_core_at_least_and_no_more_than_processors() =>
        Assert.InRange(ProcessorCores.Count, 1, Environment.ProcessorCount);
}
