using LlamaHost.Runtime.Configuration;

namespace LlamaHost.Runtime.Catalogue;

/// <summary>A model of the catalogue with what only the runtime needs to know.</summary>
/// <param name="Entry">What clients may see.</param>
/// <param name="Options">Its own options, if it is configured.</param>
internal sealed record KnownModel(ModelEntry Entry, ModelOptions? Options);
