using LlamaHost.Server.Errors;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.Generations;

/// <summary>One line in the log for every request that was admitted. Prompts appear only where the operator asked for them.</summary>
internal sealed partial class GenerationLog(ILogger<GenerationLog> logger, IOptions<ServerOptions> options)
{
    /// <summary>Notes the prompts, if wanted.</summary>
    /// <param name="id">Id of the answer.</param>
    /// <param name="model">Id of the model.</param>
    /// <param name="prompts">Text of each prompt.</param>
    public void Prompts(string id, string model, IReadOnlyList<string> prompts)
    {
        if (!options.Value.LogPrompts)
            return;
        foreach (string prompt in prompts)
            LogPrompt(id, model, prompt);
    }

    /// <summary>The answer is complete.</summary>
    public void Completed(string id, string model, GenerationUsage usage)
    {
        double queue = Milliseconds(usage.Queue), prefill = Milliseconds(usage.Prefill), decode = Milliseconds(usage.Decode);
        LogCompleted(
            id, model, usage.Prompts, usage.Sequences, usage.PromptTokens, usage.CachedTokens, usage.GeneratedTokens,
            queue, prefill, decode, usage.TokensPerSecond);
    }

    /// <summary>The answer could not be completed.</summary>
    public void Ended(string id, string model, int sequences, int generatedTokens, Exception error, bool isDisconnect)
    {
        ApiException told = ProblemResponse.ToApiException(error);
        if (isDisconnect)
            LogDisconnected(id, model, sequences, generatedTokens);
        else
            LogFailed(id, model, sequences, generatedTokens, told.Message, told.Code == ErrorCodes.Internal ? error : null);
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

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
