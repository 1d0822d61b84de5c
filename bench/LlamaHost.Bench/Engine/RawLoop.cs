using System.Diagnostics;
using System.Numerics.Tensors;
using LlamaHost.Engine.Requests;
using LlamaHost.Native;

namespace LlamaHost.Bench.Engine;

/// <summary>
/// The least that can be done with llama.cpp: one batch per step, <c>llama_decode</c>, the largest logit of each sequence. No engine can be faster on
/// the same batch shapes.
/// </summary>
internal sealed class RawLoop : IDisposable
{
    private readonly LlamaContext _context;
    private readonly LlamaBatch _batch;

    /// <param name="model">A loaded model.</param>
    /// <param name="settings">Sizes and threads, as the engine has them.</param>
    public RawLoop(LlamaModel model, EngineSettings settings)
    {
        _context = new LlamaContext(model, new LlamaContextOptions
        {
            ContextLength = settings.KvCells,
            BatchTokens = settings.BatchTokens,
            MicroBatchTokens = settings.BatchTokens,
            MaxSequences = settings.MaxSequences,
            Threads = settings.Threads,
            UnifiedKvCache = true,
        });
        _batch = new LlamaBatch(settings.BatchTokens);
    }

    /// <summary>Computes a prompt in batches of the full size and returns tokens per second.</summary>
    public double Prefill(int[] prompt)
    {
        _context.Memory.Clear();
        long start = Stopwatch.GetTimestamp();
        Compute(prompt, 0);
        return prompt.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Continues one prompt per sequence and returns the tokens of each, and the tokens per second of all but their first.</summary>
    public (int[][] Tokens, double Speed) Decode(int[][] prompts, int steps)
    {
        _context.Memory.Clear();
        int[][] tokens = new int[prompts.Length][];
        for (int sequence = 0; sequence < prompts.Length; sequence++)
        {
            tokens[sequence] = new int[steps + 1];
            tokens[sequence][0] = Compute(prompts[sequence], sequence);
        }
        long start = Stopwatch.GetTimestamp();
        for (int step = 0; step < steps; step++)
        {
            _batch.Clear();
            for (int sequence = 0; sequence < prompts.Length; sequence++)
                _batch.Add(tokens[sequence][step], prompts[sequence].Length + step, sequence, output: true);
            Run();
            for (int sequence = 0; sequence < prompts.Length; sequence++)
                tokens[sequence][step + 1] = TensorPrimitives.IndexOfMax<float>(_context.Logits(sequence));
        }
        return (tokens, prompts.Length * steps / Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    public void Dispose() => _context.Dispose();

    private int Compute(int[] prompt, int sequence)
    {
        for (int position = 0; position < prompt.Length;)
        {
            _batch.Clear();
            while (position < prompt.Length && _batch.Count < _batch.Capacity)
            {
                _batch.Add(prompt[position], position, sequence, output: position == prompt.Length - 1);
                position++;
            }
            Run();
        }
        return TensorPrimitives.IndexOfMax<float>(_context.Logits(_batch.Count - 1));
    }

    private void Run()
    {
        int status = _context.Decode(_batch);
        if (status != 0)
            throw new InvalidOperationException($"llama_decode returned {status}.");
    }
}
