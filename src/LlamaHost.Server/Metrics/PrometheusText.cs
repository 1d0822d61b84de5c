using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace LlamaHost.Server.Metrics;

/// <summary>
/// What the instruments of a meter say now, as Prometheus reads it (text format 0.0.4). Only counters and gauges that are observed: there are no
/// others. It listens for as long as one reading takes.
/// </summary>
internal static class PrometheusText
{
    /// <summary>Media type of the text.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The text.</summary>
    /// <param name="meter">The meter's name.</param>
    /// <param name="scope">The meter's scope: several may have one name.</param>
    public static string Read(string meter, object scope)
    {
        SortedDictionary<string, (Instrument Instrument, StringBuilder Lines)> families = new(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name != meter || instrument.Meter.Scope != scope)
                    return;
                families.Add(NameOf(instrument), (instrument, new StringBuilder()));
                listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            AppendSample(families[NameOf(instrument)].Lines, NameOf(instrument), value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach ((string name, (Instrument instrument, StringBuilder lines)) in families)
        {
            string type = instrument is ObservableCounter<long> ? "counter" : "gauge";
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {instrument.Description}\n# TYPE {name} {type}\n").Append(lines);
        }
        return text.ToString();
    }

    // As Prometheus has it: units in words, and counters end in _total.
    private static string NameOf(Instrument instrument)
    {
        string name = instrument.Name.Replace('.', '_') + (instrument.Unit == "By" ? "_bytes" : "");
        return instrument is ObservableCounter<long> ? name + "_total" : name;
    }

    private static void AppendSample(StringBuilder lines, string name, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lines.Append(name);
        for (int i = 0; i < tags.Length; i++)
            lines.Append(i == 0 ? "{" : ",").Append(tags[i].Key).Append("=\"").Append(Escape($"{tags[i].Value}")).Append('"');
        lines.Append(tags.Length == 0 ? " " : "} ").Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escape(string value) => value
        .Replace(@"\", @"\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", @"\n", StringComparison.Ordinal);
}
