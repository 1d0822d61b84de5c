using System.Text.Json;
using LlamaHost.Engine.Requests;

namespace LlamaHost.Protocol;

/// <summary>JSON of <see cref="OffloadSettings"/>, written by hand as <see cref="PipeJson"/> says.</summary>
internal static class OffloadSettingsJson
{
    public static void Write(Utf8JsonWriter writer, OffloadSettings value)
    {
        writer.WriteStartObject();
        writer.WriteString("gpuLayers", value.GpuLayers.ToString());
        if (value.AllowCpuFallback is { } allowed)
            writer.WriteBoolean("allowCpuFallback", allowed);
        writer.WriteStartArray("devices");
        foreach (string device in value.Devices)
            writer.WriteStringValue(device);
        writer.WriteEndArray();
        writer.WriteNumber("splitMode", (int)value.SplitMode);
        writer.WriteNumber("mainGpu", value.MainGpu);
        writer.WriteStartArray("tensorSplit");
        foreach (float part in value.TensorSplit)
            writer.WriteNumberValue(part);
        writer.WriteEndArray();
        writer.WriteBoolean("offloadKv", value.OffloadKv);
        writer.WriteNumber("gpuMemoryMarginMiB", value.GpuMemoryMarginMiB);
        writer.WriteEndObject();
    }

    public static OffloadSettings Read(ref Utf8JsonReader reader)
    {
        var settings = new OffloadSettings();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string? name = reader.GetString();
            reader.Read();
            settings = name switch
            {
                "gpuLayers" when GpuLayers.TryParse(reader.GetString(), out GpuLayers layers) => settings with { GpuLayers = layers },
                "allowCpuFallback" => settings with { AllowCpuFallback = reader.GetBoolean() },
                "devices" => settings with { Devices = ReadTexts(ref reader) },
                "splitMode" => settings with { SplitMode = (SplitMode)reader.GetInt32() },
                "mainGpu" => settings with { MainGpu = reader.GetInt32() },
                "tensorSplit" => settings with { TensorSplit = ReadNumbers(ref reader) },
                "offloadKv" => settings with { OffloadKv = reader.GetBoolean() },
                "gpuMemoryMarginMiB" => settings with { GpuMemoryMarginMiB = reader.GetInt32() },
                _ => throw new JsonException($"The worker knows no such setting of offloading: {name}; host and worker are of different versions."),
            };
        }
        return settings;
    }

    private static List<string> ReadTexts(ref Utf8JsonReader reader)
    {
        List<string> items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(reader.GetString() ?? "");
        return items;
    }

    private static List<float> ReadNumbers(ref Utf8JsonReader reader)
    {
        List<float> items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            items.Add(reader.GetSingle());
        return items;
    }
}
