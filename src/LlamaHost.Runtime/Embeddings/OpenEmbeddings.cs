using LlamaHost.Runtime.Generations;

namespace LlamaHost.Runtime.Embeddings;

/// <summary>
/// One model's embedding requests that are open. A request's texts go to the worker in groups, of which a few are under way: the worker always has
/// something to do, and a request with thousands of texts lets others through between its groups.
/// </summary>
internal sealed class OpenEmbeddings(int maxOpenRequests, TimeProvider time)
{
    // In tokens, of which even the smallest steps of the worker have fewer.
    private const int GroupTokens = 4096;
    private const int GroupTexts = 64;
    private const int GroupsUnderWay = 2;

    private readonly Lock _lock = new();
    private readonly Admission _admission = new(maxOpenRequests, time);

    /// <summary>Admits nothing any more.</summary>
    public void Close()
    {
        lock (_lock)
            _admission.IsClosed = true;
    }

    /// <summary>Embeds the texts with what embeds a group of them.</summary>
    /// <exception cref="ModelUnavailableException"><c>queue_full</c> or <c>shutting_down</c>, or what the groups' embedding throws.</exception>
    public async Task<IReadOnlyList<float[]>> EmbedAsync(
        IReadOnlyList<IReadOnlyList<int>> texts, Func<IReadOnlyList<IReadOnlyList<int>>, CancellationToken, Task<IReadOnlyList<float[]>>> embed,
        CancellationToken cancellationToken)
    {
        lock (_lock)
            _admission.Admit(1, "input");
        try
        {
            var embeddings = new float[texts.Count][];
            var options = new ParallelOptions { MaxDegreeOfParallelism = GroupsUnderWay, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(Groups(texts), options, async (range, token) =>
            {
                (int start, int count) = range;
                IReadOnlyList<float[]> group = await embed([.. texts.Skip(start).Take(count)], token).ConfigureAwait(false);
                for (int i = 0; i < count; i++)
                    embeddings[start + i] = group[i];
            }).ConfigureAwait(false);
            return embeddings;
        }
        finally
        {
            lock (_lock)
                _admission.Release(1);
        }
    }

    private static IEnumerable<(int Start, int Count)> Groups(IReadOnlyList<IReadOnlyList<int>> texts)
    {
        int start = 0;
        int tokens = 0;
        for (int i = 0; i < texts.Count; i++)
        {
            if (i > start && (i - start == GroupTexts || tokens + texts[i].Count > GroupTokens))
            {
                yield return (start, i - start);
                (start, tokens) = (i, 0);
            }
            tokens += texts[i].Count;
        }
        yield return (start, texts.Count - start);
    }
}
