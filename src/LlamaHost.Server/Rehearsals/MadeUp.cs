using System.Text;
using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Catalogue;
using LlamaHost.Server.Generations;

namespace LlamaHost.Server.Rehearsals;

/// <summary>A request, a model and its tokens that there never were.</summary>
internal static class MadeUp
{
    /// <summary>The model as it would be found.</summary>
    public static ModelEntry Entry { get; } = new() { Id = "rehearsal", Path = "rehearsal.gguf", FileSize = 0, Created = DateTimeOffset.UnixEpoch };

    /// <summary>The model as it would be loaded.</summary>
    public static ModelDescription Model { get; } = new()
    {
        Architecture = "llama",
        Description = "rehearsal",
        VocabularySize = 1,
        ContextLength = 1024,
        TrainedContextLength = 1024,
        KvCells = 1024,
        MaxSequences = 1,
        EosTokenIds = [0],
        ParameterCount = 1,
        SizeBytes = 1,
        NativeVersion = "rehearsal",
        Backend = "rehearsal",
    };

    /// <summary>A request with a body of JSON, whose answer nobody gets.</summary>
    public static HttpContext Request(string body)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = "application/json";
        context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return context;
    }

    /// <summary>A first token that is the last one as well.</summary>
    public static PromptEvent Step(GenerationRequest request) => new(0, new SequenceEvent
    {
        RequestId = request.Id,
        SequenceIndex = 0,
        Tokens = [new TokenEvent(0, "a", IsSpecial: false)],
        Finish = new SequenceFinish(FinishReason.Length, "", new SequenceUsage(1, 0, 1, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero)),
    });
}
