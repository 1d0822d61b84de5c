namespace LlamaHost.Engine.Embeddings;

/// <summary>Texts that were asked for together.</summary>
/// <param name="texts">Token ids of each text, checked.</param>
internal sealed class EmbeddingJob(IReadOnlyList<IReadOnlyList<int>> texts)
{
    private readonly TaskCompletionSource<IReadOnlyList<float[]>> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly float[][] _embeddings = new float[texts.Count][];
    private int _missing = texts.Count;

    /// <summary>The texts.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Texts => texts;

    /// <summary>The vectors, in the order of the texts.</summary>
    public Task<IReadOnlyList<float[]>> Completion => _completion.Task;

    /// <summary>Nobody waits for the rest of its texts.</summary>
    public bool HasEnded => _completion.Task.IsCompleted;

    /// <summary>A text is done.</summary>
    public void Complete(int index, float[] embedding)
    {
        _embeddings[index] = embedding;
        if (--_missing == 0)
            _completion.TrySetResult(_embeddings);
    }

    /// <summary>Its texts can't be computed.</summary>
    public void Fail(Exception reason) => _completion.TrySetException(reason);

    /// <summary>Its texts are no longer wanted. Callable from any thread.</summary>
    public void Cancel(CancellationToken cancellationToken) => _completion.TrySetCanceled(cancellationToken);
}
