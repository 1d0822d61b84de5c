using LlamaHost.Server.Streaming;

namespace LlamaHost.Server.Generate;

/// <summary>Writes this API's events into a stream.</summary>
internal static class GenerateEventWriting
{
    /// <summary>Writes one event under its name.</summary>
    public static void Write(this EventWriter writer, GenerateEvent one)
    {
        if (one is TokenGenerated token)
            writer.Write("token", token, GenerateJson.Token);
        else
            writer.Write(NameOf(one), one, GenerateJson.Readable.GenerateEvent);
    }

    private static string NameOf(GenerateEvent one) => one switch
    {
        GeneratedSequence => "sequence",
        GenerateResponse => "done",
        GenerationFailed => "error",
        _ => throw new ArgumentOutOfRangeException(nameof(one), one.GetType(), "An event without a name."),
    };
}
