using System.Buffers;
using System.Text.Json;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Protocol;

/// <summary>
/// JSON of the lines that go through a worker's pipes, written by hand: what the serializer does for a property is generic code over the property's
/// type, which for enumerations and other structs is compiled when a process first comes to it, and here both processes wait for it.
/// </summary>
public static class PipeJson
{
    /// <summary>The start line, its line feed included.</summary>
    public static byte[] Write(WorkerStartup startup) => WriteLine(writer =>
    {
        writer.WriteString("socketPath", startup.SocketPath);
        writer.WritePropertyName("engine");
        EngineSettingsJson.Write(writer, startup.Engine);
        writer.WriteString("logLevel", startup.LogLevel);
    });

    /// <summary>A line of output, its line feed included.</summary>
    public static byte[] Write(WorkerLine line) => WriteLine(writer =>
    {
        if (line.Listening)
            writer.WriteBoolean("listening", true);
        writer.WriteString("level", line.Level);
        writer.WriteString("category", line.Category);
        writer.WriteString("message", line.Message);
        if (line.Exception is { } exception)
            writer.WriteString("exception", exception);
    });

    /// <summary>Reads a start line.</summary>
    /// <param name="json">The line in UTF-8, with or without its line feed.</param>
    /// <exception cref="JsonException">It isn't one.</exception>
    public static WorkerStartup ReadStartup(ReadOnlySpan<byte> json)
    {
        string? socketPath = null, logLevel = null;
        EngineSettings? engine = null;
        Read(json, (string name, ref Utf8JsonReader value) =>
        {
            switch (name)
            {
                case "socketPath":
                    socketPath = value.GetString();
                    break;
                case "engine":
                    engine = EngineSettingsJson.Read(ref value);
                    break;
                case "logLevel":
                    logLevel = value.GetString();
                    break;
            }
        });
        return new WorkerStartup
        {
            SocketPath = socketPath ?? throw new JsonException("It has no socketPath."),
            Engine = engine ?? throw new JsonException("It has no engine."),
            LogLevel = logLevel ?? throw new JsonException("It has no logLevel."),
        };
    }

    /// <summary>Reads a line of output.</summary>
    /// <param name="json">The line in UTF-8, with or without its line feed.</param>
    /// <exception cref="JsonException">It isn't one.</exception>
    public static WorkerLine ReadLine(ReadOnlySpan<byte> json)
    {
        var line = new WorkerLine();
        Read(json, (string name, ref Utf8JsonReader value) => line = name switch
        {
            "listening" => line with { Listening = value.GetBoolean() },
            "level" => line with { Level = value.GetString() ?? line.Level },
            "category" => line with { Category = value.GetString() ?? line.Category },
            "message" => line with { Message = value.GetString() ?? line.Message },
            "exception" => line with { Exception = value.GetString() },
            _ => line,
        });
        return line;
    }

    private delegate void PropertyReader(string name, ref Utf8JsonReader value);

    private static void Read(ReadOnlySpan<byte> json, PropertyReader readProperty)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                throw new JsonException("It is not an object.");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                readProperty(name, ref reader);
                // The rest of what nobody wanted.
                reader.Skip();
            }
            while (reader.Read())
            {
                // It throws when anything follows.
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException)
        {
            throw new JsonException($"A value is of the wrong kind: {exception.Message}", exception);
        }
    }

    private static byte[] WriteLine(Action<Utf8JsonWriter> writeProperties)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(line))
        {
            writer.WriteStartObject();
            writeProperties(writer);
            writer.WriteEndObject();
        }
        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }
}
