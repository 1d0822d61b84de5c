using LlamaHost.Engine.Execution;
using LlamaHost.Engine.Requests;
using LlamaHost.Engine.Sampling;
using LlamaHost.Engine.Scheduling;
using LlamaHost.Engine.Text;

namespace LlamaHost.Engine.Generation;

/// <summary>Builds a request's sequences, on the submitting thread: the prompt is read once for all of them, and token logs are replayed.</summary>
internal static class SequenceFactory
{
    /// <summary>The request with all its sequences that had not ended before. Those whose log is already complete are marked as finished.</summary>
    public static EngineRequest Build(GenerationRequest request, ModelDescription model, ITokenizer tokenizer, long arrival, long submitted)
    {
        var built = new EngineRequest(request, model, submitted);
        var detokenizer = new StreamingDetokenizer(tokenizer, request.SkipSpecialTokens);
        foreach (int token in request.PromptTokens)
            detokenizer.Push(token);
        int[] endTokens = [.. built.EosTokens, .. request.Stop.StopTokenIds];
        for (int index = 0; index < request.SequenceCount; index++)
        {
            if (request.FinishedSequences.Contains(index))
                continue;
            var pipeline = new SamplingPipeline(request.Sampling, request.Stop.MinNewTokens, endTokens, model.VocabularySize);
            var sequence = new EngineSequence(built, index, SchedulingOrder.Of(arrival, index), pipeline, new StreamingDetokenizer(detokenizer));
            foreach (int token in request.Resume?[index] ?? [])
            {
                if (sequence.Finished is null)
                    sequence.Accept(token, tokenizer.Name);
            }
            built.Open.Add(sequence);
        }
        return built;
    }
}
