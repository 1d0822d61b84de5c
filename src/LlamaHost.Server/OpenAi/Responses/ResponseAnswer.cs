using LlamaHost.Chat;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generations;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenAi.Responses.Events;
using LlamaHost.Server.OpenAi.Responses.Items;

namespace LlamaHost.Server.OpenAi.Responses;

/// <summary>Puts a response together from the events of its sequence. Whole responses and streams are made of the same steps.</summary>
internal sealed class ResponseAnswer
{
    private readonly ResponsePlan _plan;
    private readonly TimeProvider _time;
    private readonly AnswerReader _reader;
    private readonly OutputBuilder _output;
    private readonly TextLogprobs _logprobs = new();
    private FinishReason? _reason;
    private int _next;
    private int _reasoningTokens;
    private int _unclearTokens;

    /// <param name="plan">What was asked for.</param>
    /// <param name="time">When it is created and completed.</param>
    public ResponseAnswer(ResponsePlan plan, TimeProvider time)
    {
        _plan = plan;
        _time = time;
        _reader = new AnswerReader(plan.Form, plan.Model, keepsControlTokens: !plan.Request.Sampling.SkipSpecialTokens);
        _output = new OutputBuilder(plan.Form.Calls, time);
        Response = plan.ToResponse(time.GetUtcNow());
    }

    /// <summary>The response: empty and in progress, until it has ended.</summary>
    public ResponseObject Response { get; private set; }

    /// <summary>What comes before anything is generated.</summary>
    public IEnumerable<ResponseEvent> Begin() => Numbered([new ResponseCreated(Response), new ResponseInProgress(Response)]);

    /// <summary>What a step brought.</summary>
    /// <exception cref="ApiException">The sequence was ended without a result.</exception>
    public IReadOnlyList<ResponseEvent> Add(SequenceEvent step)
    {
        List<ResponseEvent> events = [];
        for (int i = 0; i < step.Tokens.Count; i++)
        {
            (TokenEvent token, string text) = (step.Tokens[i], step.TextWith(i));
            if (_plan.Request.IncludesLogprobs && !_plan.IsEnd(token))
                _logprobs.Hold(TokenLogprobs.Of(token, text, _plan.Request.TopLogprobs), text.Length);
            _unclearTokens++;
            events.AddRange(_reader.Push(token, text).SelectMany(Take));
        }
        if (step.Finish is { } finish)
        {
            events.AddRange(_reader.Complete(step.TrailingText()).SelectMany(Take));
            _reason = SequenceEnd.ReasonOf(finish);
        }
        return Numbered(events);
    }

    /// <summary>The sequence has ended with a result.</summary>
    /// <param name="usage">What it cost.</param>
    /// <returns>The last events.</returns>
    public IReadOnlyList<ResponseEvent> End(GenerationUsage usage)
    {
        bool isCut = _reason == FinishReason.Length;
        // Thoughts that were cut are all that there is; whoever thought to an end, or not at all, said nothing.
        IEnumerable<ResponseEvent> nothing = _output.HasAnswer || (isCut && _output.IsOpen) ? [] : _output.AddNothing();
        ResponseEvent[] closing = [.. nothing, .. _output.Close(isCut ? ItemStatus.Incomplete : ItemStatus.Completed)];
        Response = Response with
        {
            Status = isCut ? ResponseStatus.Incomplete : ResponseStatus.Completed,
            CompletedAt = isCut ? null : _time.GetUtcNow().ToUnixTimeSeconds(),
            IncompleteDetails = isCut ? new IncompleteDetails("max_output_tokens") : null,
            Output = _output.Items,
            Usage = ResponseUsage.Of(usage, _reasoningTokens),
        };
        return Numbered([.. closing, isCut ? new ResponseIncomplete(Response) : new ResponseCompleted(Response)]);
    }

    /// <summary>It was cancelled.</summary>
    /// <returns>The last events.</returns>
    public IReadOnlyList<ResponseEvent> Cancel()
    {
        ResponseEvent[] closing = [.. _output.Close(ItemStatus.Incomplete)];
        Response = Response with { Status = ResponseStatus.Cancelled, Output = _output.Items };
        return Numbered([.. closing, new ResponseIncomplete(Response)]);
    }

    /// <summary>It can't be completed.</summary>
    /// <param name="error">Why.</param>
    /// <returns>The last events.</returns>
    public IReadOnlyList<ResponseEvent> Fail(ApiException error)
    {
        ResponseEvent[] closing = [.. _output.Close(ItemStatus.Incomplete)];
        Response = Response with
        {
            Status = ResponseStatus.Failed,
            Error = new ResponseError(error.Status >= StatusCodes.Status500InternalServerError ? "server_error" : "invalid_prompt", error.Message),
            Output = _output.Items,
        };
        return Numbered([.. closing, new ResponseFailed(Response)]);
    }

    private IEnumerable<ResponseEvent> Take(OutputEvent step)
    {
        if (step is ReasoningDelta)
            _reasoningTokens += _unclearTokens;
        _unclearTokens = 0;
        if (step is TextDelta text)
            return _output.Add(step, _logprobs.Take(text.Text.Length));
        _logprobs.Drop();
        return _output.Add(step, []);
    }

    private IReadOnlyList<ResponseEvent> Numbered(IEnumerable<ResponseEvent> events) =>
        [.. events.Select(one => one with { SequenceNumber = _next++ })];
}
