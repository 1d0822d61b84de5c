using LlamaHost.Server.Errors;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.Generate;

/// <summary>One line in the log for every request that was admitted. Prompts appear only where the operator asked for them.</summary>
internal sealed partial class GenerateLog(ILogger<GenerateLog> logger, IOptions<ServerOptions> options)
{
    /// <summary>Notes the prompts, if wanted.</summary>
    public void Prompts(GeneratePlan plan, string model)
    {
        if (!options.Value.LogPrompts)
            return;
        foreach (string prompt in plan.Texts)
            LogPrompt(plan.Id, model, prompt);
    }

    /// <summary>The answer is complete.</summary>
    public void Completed(GenerateResponse answer, GeneratePlan plan)
    {
        GenerateUsage usage = answer.Usage;
        int sequences = Sequences(plan);
        LogCompleted(
            answer.Id, answer.Model, plan.Prompts.Count, sequences, usage.PromptTokens, usage.CachedTokens, usage.GeneratedTokens,
            usage.QueueMs, usage.PrefillMs, usage.DecodeMs, usage.TokensPerSecond);
    }

    /// <summary>The answer could not be completed.</summary>
    public void Ended(GeneratePlan plan, string model, int generatedTokens, Exception error, bool isDisconnect)
    {
        int sequences = Sequences(plan);
        ApiException told = ProblemResponse.ToApiException(error);
        if (isDisconnect)
            LogDisconnected(plan.Id, model, sequences, generatedTokens);
        else
            LogFailed(plan.Id, model, sequences, generatedTokens, told.Message, told.Code == ErrorCodes.Internal ? error : null);
    }

    private static int Sequences(GeneratePlan plan) => plan.Prompts.Sum(prompt => prompt.SequenceCount);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Id} {Model} prompt: {Prompt}")]
    private partial void LogPrompt(string id, string model, string prompt);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Id} {Model}: {Prompts} prompts, {Sequences} sequences, {PromptTokens} prompt tokens ({CachedTokens} cached), "
            + "{GeneratedTokens} new tokens; queue {QueueMs} ms, prefill {PrefillMs} ms, decode {DecodeMs} ms, {TokensPerSecond} tokens/s")]
    private partial void LogCompleted(
        string id, string model, int prompts, int sequences, int promptTokens, int cachedTokens, int generatedTokens,
        double queueMs, double prefillMs, double decodeMs, double tokensPerSecond);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Id} {Model}: the client left after {GeneratedTokens} new tokens; its {Sequences} sequences are cancelled")]
    private partial void LogDisconnected(string id, string model, int sequences, int generatedTokens);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Id} {Model}: {Sequences} sequences failed after {GeneratedTokens} new tokens: {Reason}")]
    private partial void LogFailed(string id, string model, int sequences, int generatedTokens, string reason, Exception? error);
}
