using LlamaHost.Engine.Requests;

namespace LlamaHost.Server.Generations;

/// <summary>What a step brought for one sequence of one prompt.</summary>
internal readonly record struct PromptEvent(int PromptIndex, SequenceEvent Event);
