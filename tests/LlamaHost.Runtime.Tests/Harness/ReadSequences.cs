using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Generations;

namespace LlamaHost.Runtime.Tests.Harness;

/// <summary>What a reader has put together of a generation.</summary>
internal sealed class ReadSequences(int count)
{
    private readonly List<int>[] _tokens = [.. Enumerable.Range(0, count).Select(_ => new List<int>())];
    private readonly string[] _texts = [.. Enumerable.Repeat("", count)];

    public IReadOnlyList<IReadOnlyList<int>> Tokens => _tokens;

    public IReadOnlyList<string> Texts => _texts;

    public SequenceFinish?[] Finishes { get; } = new SequenceFinish?[count];

    public int TokenCount => _tokens.Sum(tokens => tokens.Count);

    public static async Task<ReadSequences> ReadAsync(
        Generation generation, CancellationToken cancellationToken, Action<ReadSequences>? progress = null)
    {
        var read = new ReadSequences(generation.Request.SequenceCount);
        await foreach (SequenceEvent step in generation.ReadAsync(cancellationToken))
        {
            read.Take(step);
            progress?.Invoke(read);
        }
        return read;
    }

    public void Take(SequenceEvent step)
    {
        Assert.Null(Finishes[step.SequenceIndex]);
        _tokens[step.SequenceIndex].AddRange(step.Tokens.Select(token => token.Id));
        _texts[step.SequenceIndex] += string.Concat(step.Tokens.Select(token => token.Text)) + step.Finish?.Text;
        Finishes[step.SequenceIndex] = step.Finish;
    }
}
