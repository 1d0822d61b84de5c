using LlamaHost.Server.OpenAi.Responses.Items;

namespace LlamaHost.Server.OpenAi.Responses.Storage;

/// <summary>A response that is kept.</summary>
/// <param name="Id">Its id.</param>
/// <param name="PreviousId">The response whose conversation it goes on with; <see langword="null"/>: it began one.</param>
/// <param name="ItemIds">Ids of all items of its input and output.</param>
/// <param name="Response">The response as JSON, which is what clients get (<see cref="ResponseObject"/>).</param>
/// <param name="Input">What its request added to the conversation as JSON: a list of <see cref="ResponseItem"/>.</param>
internal sealed record StoredResponse(
    string Id, string? PreviousId, IReadOnlyList<string> ItemIds, ReadOnlyMemory<byte> Response, ReadOnlyMemory<byte> Input);

/// <summary>Where responses are kept that clients read again or go on from.</summary>
internal interface IResponseStore
{
    /// <summary>Keeps a response, as far as there is room.</summary>
    ValueTask SaveAsync(StoredResponse response, CancellationToken cancellationToken);

    /// <summary>The response of that id; <see langword="null"/>: there is none, or none any more.</summary>
    ValueTask<StoredResponse?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>A response that has an item of that id in its input or output.</summary>
    ValueTask<StoredResponse?> FindByItemAsync(string itemId, CancellationToken cancellationToken);

    /// <summary>Forgets a response.</summary>
    /// <returns>Whether there was one.</returns>
    ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken);
}
