using System.Text.Json;

namespace LlamaHost.Bench.Serving;

/// <summary>How one kind of server wants to be asked, and how it answers: a stream of server-sent events with JSON.</summary>
internal interface IDialect
{
    /// <summary>Path of the request, after the server's base address.</summary>
    string Path { get; }

    /// <summary>Path that answers 200 once the model can be used.</summary>
    string ReadyPath { get; }

    /// <summary>Writes the body's fields.</summary>
    void Write(Utf8JsonWriter body, CompletionRequest request);

    /// <summary>Reads one event.</summary>
    void Read(JsonElement data, Completion completion);
}
