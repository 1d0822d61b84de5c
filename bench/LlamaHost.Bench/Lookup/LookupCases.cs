using LlamaHost.Engine.Requests;

namespace LlamaHost.Bench.Lookup;

/// <summary>A text to be continued, and how.</summary>
/// <param name="Name">Name in the table.</param>
/// <param name="Prompt">The text, special tokens included.</param>
/// <param name="Sampling">How tokens are chosen.</param>
internal sealed record LookupCase(string Name, string Prompt, SamplingSettings Sampling)
{
    private const string Report =
        "The harbour of Larvik was closed for two days last week, because a crane had fallen across the only road that leads to the ferry. "
        + "Nobody was hurt. The crane belonged to a company from Bergen, which had hired it out for the repair of the old warehouse. Workers said "
        + "that the wind had been strong since the morning, but that nobody had told them to stop. On Tuesday evening the fire brigade began to "
        + "cut the arm of the crane into pieces, and by Thursday noon the first lorries could pass. The ferry company put on three more ships to "
        + "carry those who had waited, and the hotel beside the station offered beds at half the price. The mayor thanked everybody who had "
        + "helped. She said that the road would be widened next year, so that the town would not depend on a single street again. The warehouse is "
        + "to be opened in spring, with a library on the ground floor and rooms for the music school above it.";

    private static readonly SamplingSettings Sampled = new() { DoSample = true, TopK = 0, TopP = 0.95f, Temperature = 0.8f };

    public static IReadOnlyList<LookupCase> All { get; } =
    [
        new("edit: the text again, one name changed", Edit("Larvik", "Halden"), SamplingSettings.Greedy),
        new("edit, sampled", Edit("Larvik", "Halden"), Sampled),
        new("summary", Chat($"Summarize this text. Keep its words where you can.\n\n{Report}"), SamplingSettings.Greedy),
        new("prose", Chat("Write a long story about a girl who finds an old map."), SamplingSettings.Greedy),
        new("prose, sampled", Chat("Write a long story about a girl who finds an old map."), Sampled),
    ];

    // The first sentence shows what is wanted; a model of any size goes on with it.
    private static string Edit(string name, string other) =>
        $"A text, and the same text again with {other} in place of {name}.\n\n{Report}\n\n"
        + Report[..(Report.IndexOf('.') + 1)].Replace(name, other, StringComparison.Ordinal);

    private static string Chat(string question) => $"<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n";
}
