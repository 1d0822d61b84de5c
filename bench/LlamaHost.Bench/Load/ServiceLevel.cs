namespace LlamaHost.Bench.Load;

/// <summary>What makes a request a good one.</summary>
/// <param name="FirstToken">Longest time to the first token.</param>
/// <param name="PerToken">Longest average time of each token after it.</param>
internal sealed record ServiceLevel(TimeSpan FirstToken, TimeSpan PerToken);
