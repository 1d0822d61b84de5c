using LlamaHost.Engine.Requests;
using LlamaHost.Protocol.Sessions;

namespace LlamaHost.Protocol;

/// <summary>Step events to and from their wire form. Nothing is lost either way.</summary>
public static class EventMapping
{
    /// <summary>The step as sent to the host.</summary>
    public static StepMessage ToMessage(this SessionStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var message = new StepMessage { Load = step.Load?.ToMessage() };
        message.Sequences.AddRange(step.Sequences.Select(ToMessage));
        message.Refusals.AddRange(step.Refusals);
        return message;
    }

    /// <summary>The step as received by the host.</summary>
    public static SessionStep ToStep(this StepMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new SessionStep([.. message.Sequences.Select(ToEvent)]) { Refusals = [.. message.Refusals], Load = message.Load?.ToLoad() };
    }

    /// <summary>A sequence's part of a step, as received by the host.</summary>
    public static SequenceEvent ToEvent(this SequenceStep message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new SequenceEvent
        {
            RequestId = message.RequestId,
            SequenceIndex = message.SequenceIndex,
            Tokens = [.. message.Tokens.Select(ToEvent)],
            Finish = message.Finish?.ToFinish(),
        };
    }

    /// <summary>A sequence's part of a step, as sent to the host.</summary>
    public static SequenceStep ToMessage(this SequenceEvent sequence)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        var message = new SequenceStep
        {
            RequestId = sequence.RequestId,
            SequenceIndex = sequence.SequenceIndex,
            Finish = sequence.Finish?.ToMessage(),
        };
        message.Tokens.AddRange(sequence.Tokens.Select(ToMessage));
        return message;
    }

    /// <summary>A refused request as sent to the host.</summary>
    public static Refusal ToRefusal(this InvalidRequestException refusal, string requestId)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        var message = new Refusal { RequestId = requestId, Code = refusal.Code, Message = refusal.Message };
        if (refusal.Field is { } field)
            message.Field = field;
        return message;
    }

    /// <summary>A refused request as its client sees it.</summary>
    public static InvalidRequestException ToException(this Refusal message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new InvalidRequestException(message.Code, message.HasField ? message.Field : null, message.Message);
    }

    private static Token ToMessage(this TokenEvent token)
    {
        var message = new Token { Id = token.Id, Text = token.Text, IsSpecial = token.IsSpecial };
        if (token.LogProb is { } logProb)
            message.LogProb = logProb;
        message.Alternatives = token.Alternatives?.ToMessage();
        return message;
    }

    private static Alternatives ToMessage(this IReadOnlyList<TokenLogProb> alternatives)
    {
        var message = new Alternatives();
        foreach (TokenLogProb alternative in alternatives)
            message.Items.Add(new Alternative { Id = alternative.Id, Text = alternative.Text, LogProb = alternative.LogProb });
        return message;
    }

    private static IReadOnlyList<TokenLogProb> ToAlternatives(this Alternatives message) =>
        [.. message.Items.Select(item => new TokenLogProb(item.Id, item.Text, item.LogProb))];

    private static TokenEvent ToEvent(Token message) => new(
        message.Id,
        message.Text,
        message.IsSpecial,
        message.HasLogProb ? message.LogProb : null,
        message.Alternatives?.ToAlternatives());

    private static Finish ToMessage(this SequenceFinish finish)
    {
        var message = new Finish
        {
            Reason = finish.Reason.ToMessage(),
            Text = finish.Text,
            Usage = finish.Usage.ToMessage(),
            Next = finish.Next?.ToMessage(),
        };
        if (finish.StopText is { } stopText)
            message.StopText = stopText;
        if (finish.Score is { } score)
            message.Score = score;
        if (finish.Error is { } error)
            message.Error = error;
        return message;
    }

    private static SequenceFinish ToFinish(this Finish message) =>
        new(message.Reason.ToReason(), message.Text, (message.Usage ?? new Usage()).ToUsage())
        {
            StopText = message.HasStopText ? message.StopText : null,
            Score = message.HasScore ? message.Score : null,
            Next = message.Next?.ToAlternatives(),
            Error = message.HasError ? message.Error : null,
        };

    private static Finish.Types.Reason ToMessage(this FinishReason reason) => reason switch
    {
        FinishReason.EndOfSequence => Finish.Types.Reason.EndOfSequence,
        FinishReason.Stop => Finish.Types.Reason.Stop,
        FinishReason.Length => Finish.Types.Reason.Length,
        FinishReason.Cancelled => Finish.Types.Reason.Cancelled,
        FinishReason.Error => Finish.Types.Reason.Error,
        FinishReason.NoToken => Finish.Types.Reason.NoToken,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Unknown finish reason."),
    };

    private static FinishReason ToReason(this Finish.Types.Reason reason) => reason switch
    {
        Finish.Types.Reason.EndOfSequence => FinishReason.EndOfSequence,
        Finish.Types.Reason.Stop => FinishReason.Stop,
        Finish.Types.Reason.Length => FinishReason.Length,
        Finish.Types.Reason.Cancelled => FinishReason.Cancelled,
        Finish.Types.Reason.Error => FinishReason.Error,
        Finish.Types.Reason.NoToken => FinishReason.NoToken,
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Unknown finish reason."),
    };

    private static Usage ToMessage(this SequenceUsage usage) => new()
    {
        PromptTokens = usage.PromptTokens,
        CachedTokens = usage.CachedTokens,
        GeneratedTokens = usage.GeneratedTokens,
        QueueTicks = usage.Queue.Ticks,
        PrefillTicks = usage.Prefill.Ticks,
        DecodeTicks = usage.Decode.Ticks,
        DraftedTokens = usage.DraftedTokens,
        AcceptedTokens = usage.AcceptedTokens,
    };

    private static SequenceUsage ToUsage(this Usage message) => new(
        message.PromptTokens,
        message.CachedTokens,
        message.GeneratedTokens,
        TimeSpan.FromTicks(message.QueueTicks),
        TimeSpan.FromTicks(message.PrefillTicks),
        TimeSpan.FromTicks(message.DecodeTicks))
    {
        DraftedTokens = message.DraftedTokens,
        AcceptedTokens = message.AcceptedTokens,
    };
}
