using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Engine.Embeddings;

/// <summary>
/// Computes the hidden states of texts, many texts in a batch and long ones over several, and pools them: a text's vector depends neither on the
/// texts beside it nor on where it was cut. Called from the engine's thread.
/// </summary>
internal sealed class EmbeddingLane(IModelExecutor model)
{
    private readonly Queue<EmbeddingText> _waiting = new();
    private readonly List<EmbeddingText> _running = [];
    private readonly Stack<int> _freeSlots = new();
    private IEmbeddingExecutor? _executor;
    private Batch _batch = new(1);
    private int _freeCells;

    public bool HasWork => _waiting.Count > 0 || _running.Count > 0;

    /// <summary>Queues a job's texts.</summary>
    public void Add(EmbeddingJob job)
    {
        EmbeddingDescription description = model.Model.Embedding!;
        for (int i = 0; i < job.Texts.Count; i++)
            _waiting.Enqueue(new EmbeddingText(job, i, description.Pooling, description.Length));
        if (_executor is null)
            Open(job);
    }

    /// <summary>One batch, if anything is wanted.</summary>
    /// <param name="mostTokens">Tokens that it should not exceed; a text that has to be computed in one piece may.</param>
    /// <exception cref="FatalDecodeException">The context is unusable.</exception>
    public void RunStep(int mostTokens)
    {
        if (_executor is not { } executor)
            return;
        DropUnwanted(executor);
        Admit(executor);
        int budget = Math.Clamp(mostTokens, 1, executor.BatchTokens);
        int texts = Fill(budget, executor);
        if (texts == 0)
            return;
        if (executor.Compute(_batch))
            Pool(texts, executor);
        else
            Restart(executor);
    }

    private void Open(EmbeddingJob job)
    {
        try
        {
            IEmbeddingExecutor executor = model.OpenEmbeddings();
            _batch = new Batch(executor.BatchTokens);
            _freeCells = executor.Cells;
            for (int slot = executor.Slots - 1; slot >= 0; slot--)
                _freeSlots.Push(slot);
            _executor = executor;
        }
        catch (ModelLoadException failure)
        {
            _waiting.Clear();
            job.Fail(failure);
        }
    }

    private void DropUnwanted(IEmbeddingExecutor executor)
    {
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            if (!_running[i].IsWanted)
                End(_running[i], executor);
        }
    }

    // In order of arrival: a long text that does not fit yet is not overtaken for ever by short ones.
    private void Admit(IEmbeddingExecutor executor)
    {
        while (_waiting.TryPeek(out EmbeddingText? text))
        {
            if (text.IsWanted)
            {
                if (_freeSlots.Count == 0 || text.Tokens.Count > _freeCells)
                    return;
                text.Slot = _freeSlots.Pop();
                _freeCells -= text.Tokens.Count;
                _running.Add(text);
            }
            _waiting.Dequeue();
        }
    }

    // Returns how many of the running texts, from the first on, have a part in the batch.
    private int Fill(int budget, IEmbeddingExecutor executor)
    {
        _batch.Clear();
        int texts = 0;
        foreach (EmbeddingText text in _running)
        {
            int left = budget - _batch.Count;
            int take = Math.Min(text.Remaining, left);
            if (take < text.Remaining && executor.NeedsWholeTexts)
                take = texts == 0 ? text.Remaining : 0;
            if (take <= 0)
                break;
            for (int position = text.Computed; position < text.Computed + take; position++)
                _batch.Add(text.Tokens[position], position, text.Slot, output: true);
            texts++;
        }
        return texts;
    }

    private void Pool(int texts, IEmbeddingExecutor executor)
    {
        int row = 0;
        EmbeddingText[] computed = [.. _running.Take(texts)];
        foreach (EmbeddingText text in computed)
        {
            int first = row;
            for (; row < _batch.Count && _batch.Slots[row] == text.Slot; row++)
            {
                if (text.Needs(_batch.Positions[row]))
                    text.Add(executor.HiddenState(row));
            }
            text.Advance(row - first);
            if (text.Remaining > 0)
                continue;
            End(text, executor);
            text.Complete();
        }
    }

    private void Restart(IEmbeddingExecutor executor)
    {
        foreach (EmbeddingText text in _running)
        {
            executor.Free(text.Slot);
            text.Restart();
        }
    }

    private void End(EmbeddingText text, IEmbeddingExecutor executor)
    {
        executor.Free(text.Slot);
        _freeSlots.Push(text.Slot);
        _freeCells += text.Tokens.Count;
        _running.Remove(text);
    }
}
