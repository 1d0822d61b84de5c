using System.Text;
using LlamaHost.Chat;
using LlamaHost.Engine.Requests;
using LlamaHost.Server.Conversations;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generations;
using LlamaHost.Server.OpenAi.Common;

namespace LlamaHost.Server.OpenAi.Chat;

/// <summary>Puts one choice together from its events; whole answers and streams are made of the same pieces.</summary>
internal sealed class ChatChoiceBuilder
{
    private readonly ChatPlan _plan;
    private readonly int _index;
    private readonly AnswerReader _reader;
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _reasoning = new();
    private readonly List<Call> _calls = [];
    private readonly List<OpenAiTokenLogprob> _logprobs = [];
    private int _sentLogprobs;
    private string? _finishReason;

    /// <param name="plan">What was asked for.</param>
    /// <param name="index">The choice's number.</param>
    public ChatChoiceBuilder(ChatPlan plan, int index)
    {
        _plan = plan;
        _index = index;
        _reader = new AnswerReader(plan.Form, plan.Model, keepsControlTokens: !plan.Request.Sampling.SkipSpecialTokens);
    }

    /// <summary>The piece that comes before all others.</summary>
    public ChatChunkChoice Begin() => new() { Index = _index, Delta = new ChatDelta { Role = "assistant", Content = "" } };

    /// <summary>Takes what a step brought, and gives the pieces that a stream sends for it.</summary>
    /// <exception cref="ApiException">The sequence was ended without a result.</exception>
    public IEnumerable<ChatChunkChoice> Add(SequenceEvent step)
    {
        List<OutputEvent> events = [];
        for (int i = 0; i < step.Tokens.Count; i++)
        {
            (TokenEvent token, string text) = (step.Tokens[i], step.TextWith(i));
            events.AddRange(_reader.Push(token, text));
            if (_plan.Request.Logprobs && !IsEnd(token))
                _logprobs.Add(TokenLogprobs.Of(token, text, _plan.Request.TopLogprobs ?? 0));
        }
        if (step.Finish is not null)
            events.AddRange(_reader.Complete(step.TrailingText()));
        foreach (ChatDelta delta in events.SelectMany(Take))
            yield return Piece(delta, finishReason: null);
        if (step.Finish is { } finish)
            yield return Piece(new ChatDelta(), _finishReason = ReasonOf(finish));
    }

    /// <summary>The choice; it has ended.</summary>
    public ChatChoice Complete() => new()
    {
        Index = _index,
        Message = new ChatAnswerMessage
        {
            Content = _content.Length == 0 && _calls.Count > 0 ? null : _content.ToString(),
            ReasoningContent = _reasoning.Length == 0 ? null : _reasoning.ToString(),
            ToolCalls = _calls.Count == 0 ? null : [.. _calls.Select(call => call.ToCall())],
        },
        Logprobs = _plan.Request.Logprobs ? new ChatLogprobs { Content = _logprobs } : null,
        FinishReason = _finishReason ?? throw new InvalidOperationException("The sequence has not ended."),
    };

    private ChatChunkChoice Piece(ChatDelta delta, string? finishReason)
    {
        OpenAiTokenLogprob[] logprobs = [.. _logprobs.Skip(_sentLogprobs)];
        _sentLogprobs = _logprobs.Count;
        return new ChatChunkChoice
        {
            Index = _index,
            Delta = delta,
            Logprobs = logprobs.Length == 0 ? null : new ChatLogprobs { Content = logprobs },
            FinishReason = finishReason,
        };
    }

    private IEnumerable<ChatDelta> Take(OutputEvent one)
    {
        switch (one)
        {
            case TextDelta text:
                _content.Append(text.Text);
                yield return new ChatDelta { Content = text.Text };
                break;
            case ReasoningDelta thought:
                _reasoning.Append(thought.Text);
                yield return new ChatDelta { ReasoningContent = thought.Text };
                break;
            case ToolCallStarted started:
                var call = new Call(CallIds.New(_plan.Form.Calls), started.Name);
                _calls.Add(call);
                yield return Delta(started.Index, "", call);
                break;
            case ToolArgumentsDelta arguments:
                _calls[arguments.Index].Arguments.Append(arguments.Json);
                yield return Delta(arguments.Index, arguments.Json);
                break;
            // A function without parameters may be called without any.
            case ToolCallFinished { IsComplete: true } finished when _calls[finished.Index].Arguments.Length == 0:
                _calls[finished.Index].Arguments.Append("{}");
                yield return Delta(finished.Index, "{}");
                break;
        }
    }

    private static ChatDelta Delta(int index, string arguments, Call? begun = null) => new()
    {
        ToolCalls =
        [
            new ChatToolCallDelta
            {
                Index = index,
                Id = begun?.Id,
                Type = begun is null ? null : "function",
                Function = new ChatFunctionDelta { Name = begun?.Name, Arguments = arguments },
            },
        ],
    };

    private string ReasonOf(SequenceFinish finish) => SequenceEnd.ReasonOf(finish) switch
    {
        FinishReason.Length => "length",
        _ => _calls.Count > 0 ? "tool_calls" : "stop",
    };

    private bool IsEnd(TokenEvent token) => token.IsSpecial && _plan.Generation.Stop.EosTokenIds?.Contains(token.Id) == true;

    private sealed record Call(string Id, string Name)
    {
        public StringBuilder Arguments { get; } = new();

        public ChatToolCall ToCall() => new() { Id = Id, Function = new ChatFunctionCall(Name, Arguments.ToString()) };
    }
}
