using System.Text.Json;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Protocol;

/// <summary>JSON of <see cref="EngineSettings"/> in a start line, written by hand as <see cref="PipeJson"/> says.</summary>
internal static class EngineSettingsJson
{
    public static EngineSettings Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("The engine's settings are not an object.");
        var settings = new EngineSettings { ModelPath = "" };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string? name = reader.GetString();
            reader.Read();
            settings = Set(settings, name, ref reader);
        }
        return settings;
    }

    public static void Write(Utf8JsonWriter writer, EngineSettings value)
    {
        writer.WriteStartObject();
        writer.WriteString("modelPath", value.ModelPath);
        writer.WriteNumber("contextLength", value.ContextLength);
        writer.WriteNumber("kvCells", value.KvCells);
        writer.WriteNumber("promptCacheMiB", value.PromptCacheMiB);
        writer.WriteNumber("maxSequences", value.MaxSequences);
        writer.WriteNumber("batchTokens", value.BatchTokens);
        writer.WriteNumber("interTokenMilliseconds", value.InterTokenMilliseconds);
        writer.WriteNumber("threads", value.Threads);
        writer.WriteNumber("kvCacheTypeK", (int)value.KvCacheTypeK);
        writer.WriteNumber("kvCacheTypeV", (int)value.KvCacheTypeV);
        writer.WriteNumber("flashAttention", (int)value.FlashAttention);
        writer.WriteNumber("speculation", (int)value.Speculation);
        writer.WriteNumber("embeddingPooling", (int)value.EmbeddingPooling);
        if (value.NativeFolder is { } folder)
            writer.WriteString("nativeFolder", folder);
        writer.WritePropertyName("offload");
        OffloadSettingsJson.Write(writer, value.Offload);
        writer.WriteEndObject();
    }

    private static EngineSettings Set(EngineSettings settings, string? name, ref Utf8JsonReader reader)
    {
        switch (name)
        {
            case "modelPath":
                return settings with { ModelPath = reader.GetString() ?? "" };
            case "nativeFolder":
                return settings with { NativeFolder = reader.GetString() };
            case "offload":
                return settings with { Offload = OffloadSettingsJson.Read(ref reader) };
        }
        int number = reader.GetInt32();
        return name switch
        {
            "contextLength" => settings with { ContextLength = number },
            "kvCells" => settings with { KvCells = number },
            "promptCacheMiB" => settings with { PromptCacheMiB = number },
            "maxSequences" => settings with { MaxSequences = number },
            "batchTokens" => settings with { BatchTokens = number },
            "interTokenMilliseconds" => settings with { InterTokenMilliseconds = number },
            "threads" => settings with { Threads = number },
            "kvCacheTypeK" => settings with { KvCacheTypeK = (KvCacheType)number },
            "kvCacheTypeV" => settings with { KvCacheTypeV = (KvCacheType)number },
            "flashAttention" => settings with { FlashAttention = (FlashAttention)number },
            "speculation" => settings with { Speculation = (SpeculationMode)number },
            "embeddingPooling" => settings with { EmbeddingPooling = (EmbeddingPooling)number },
            _ => throw new JsonException($"The worker knows no setting {name}; host and worker are of different versions."),
        };
    }
}
