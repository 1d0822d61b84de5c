using System.Text;
using LlamaHost.Chat;
using LlamaHost.Server.OpenAi.Common;
using LlamaHost.Server.OpenAi.Responses.Events;
using LlamaHost.Server.OpenAi.Responses.Items;

namespace LlamaHost.Server.OpenAi.Responses;

/// <summary>Puts the items of a response together from what its model writes, and tells of every step in events.</summary>
/// <param name="calls">How the model writes calls; <see langword="null"/>: there are none.</param>
/// <param name="time">Ids are made with it.</param>
internal sealed class OutputBuilder(ToolCallFormat? calls, TimeProvider time)
{
    private readonly List<ResponseItem> _items = [];
    private OpenItem? _open;

    private enum Kind
    {
        Reasoning,
        Text,
        Call,
    }

    /// <summary>The items that have ended.</summary>
    public IReadOnlyList<ResponseItem> Items => _items;

    /// <summary>Whether there is an item that has not.</summary>
    public bool IsOpen => _open is not null;

    /// <summary>Whether the model has said or called anything yet, rather than thought.</summary>
    public bool HasAnswer => _open is { Kind: not Kind.Reasoning } || _items.Any(item => item is not ReasoningItem);

    /// <summary>Takes a step.</summary>
    /// <param name="step">What the model wrote.</param>
    /// <param name="logprobs">Log-probabilities of its tokens, if it is text.</param>
    public IEnumerable<ResponseEvent> Add(OutputEvent step, IReadOnlyList<OpenAiTokenLogprob> logprobs) => step switch
    {
        ReasoningDelta thought => [.. Begin(Kind.Reasoning), More(thought.Text, [])],
        TextDelta text => [.. Begin(Kind.Text), More(text.Text, logprobs)],
        ToolCallStarted call => [.. Close(ItemStatus.Completed), .. Open(Kind.Call, call.Name)],
        ToolArgumentsDelta arguments => [More(arguments.Json, [])],
        // A function without parameters may be called without any.
        ToolCallFinished { IsComplete: true } when _open is { Text.Length: 0 } => [More("{}", []), .. Close(ItemStatus.Completed)],
        ToolCallFinished call => Close(call.IsComplete ? ItemStatus.Completed : ItemStatus.Incomplete),
        _ => [],
    };

    /// <summary>An empty text: the answer of a model that had nothing to say.</summary>
    public IEnumerable<ResponseEvent> AddNothing() => Begin(Kind.Text);

    /// <summary>Ends the open item, if there is one.</summary>
    public IEnumerable<ResponseEvent> Close(string status)
    {
        if (_open is not { } item)
            return [];
        _open = null;
        ResponseItem whole = item.ToItem(status, isEmpty: false);
        _items.Add(whole);
        string text = item.Text.ToString();
        return item.Kind switch
        {
            Kind.Call => [new FunctionCallArgumentsDone(item.Id, item.Index, item.Name, text), new OutputItemDone(item.Index, whole)],
            Kind.Reasoning =>
            [
                new ReasoningTextDone(item.Id, item.Index, 0, text), new ContentPartDone(item.Id, item.Index, 0, item.ToPart()),
                new OutputItemDone(item.Index, whole),
            ],
            _ =>
            [
                new OutputTextDone(item.Id, item.Index, 0, text, [.. item.Logprobs]), new ContentPartDone(item.Id, item.Index, 0, item.ToPart()),
                new OutputItemDone(item.Index, whole),
            ],
        };
    }

    private IEnumerable<ResponseEvent> Begin(Kind kind) =>
        _open?.Kind == kind ? [] : [.. Close(ItemStatus.Completed), .. Open(kind, "")];

    private IEnumerable<ResponseEvent> Open(Kind kind, string name)
    {
        string prefix = kind switch
        {
            Kind.Reasoning => "rs_",
            Kind.Text => "msg_",
            _ => "fc_",
        };
        var item = new OpenItem(kind, OpenAiIds.New(prefix, time.GetUtcNow()), _items.Count, name, kind == Kind.Call ? CallIds.New(calls) : "");
        _open = item;
        var added = new OutputItemAdded(item.Index, item.ToItem(ItemStatus.InProgress, isEmpty: true));
        return kind == Kind.Call ? [added] : [added, new ContentPartAdded(item.Id, item.Index, 0, item.ToPart())];
    }

    private ResponseEvent More(string text, IReadOnlyList<OpenAiTokenLogprob> logprobs)
    {
        OpenItem item = _open ?? throw new InvalidOperationException("No item has begun.");
        item.Text.Append(text);
        item.Logprobs.AddRange(logprobs);
        return item.Kind switch
        {
            Kind.Reasoning => new ReasoningTextDelta(item.Id, item.Index, 0, text),
            Kind.Text => new OutputTextDelta(item.Id, item.Index, 0, text, logprobs),
            _ => new FunctionCallArgumentsDelta(item.Id, item.Index, text),
        };
    }

    private sealed record OpenItem(Kind Kind, string Id, int Index, string Name, string CallId)
    {
        public StringBuilder Text { get; } = new();

        public List<OpenAiTokenLogprob> Logprobs { get; } = [];

        public ContentPart ToPart() => Kind == Kind.Reasoning
            ? new ReasoningTextPart { Text = Text.ToString() }
            : new OutputTextPart { Text = Text.ToString(), Logprobs = [.. Logprobs] };

        public ResponseItem ToItem(string status, bool isEmpty)
        {
            ContentPart[] content = isEmpty ? [] : [ToPart()];
            return Kind switch
            {
                Kind.Reasoning => new ReasoningItem { Id = Id, Status = status, Content = content },
                Kind.Text => new MessageItem { Id = Id, Status = status, Role = "assistant", Content = content },
                _ => new FunctionCallItem { Id = Id, Status = status, CallId = CallId, Name = Name, Arguments = Text.ToString() },
            };
        }
    }
}
