using Microsoft.Extensions.Options;

namespace LlamaHost.Server.OpenAi.Responses.Storage;

/// <summary>
/// Keeps responses in memory, as long as the process lives, they are not too old, and there is room: the one that was used least recently goes first.
/// Whoever goes on from a response uses all of its conversation, which therefore stays together.
/// </summary>
internal sealed partial class MemoryResponseStore(IOptions<ServerOptions> options, TimeProvider time, ILogger<MemoryResponseStore> logger)
    : IResponseStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _responsesOfItems = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _oldestFirst = new();
    private readonly LinkedList<Entry> _leastRecentlyUsedFirst = new();
    private long _bytes;

    /// <inheritdoc/>
    public ValueTask SaveAsync(StoredResponse response, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            RemoveExpired();
            Remove(response.Id);
            Save(new Entry(response, time.GetUtcNow() + options.Value.StoredResponseLifetime));
        }
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<StoredResponse?> FindAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
            return ValueTask.FromResult(Find(id));
    }

    /// <inheritdoc/>
    public ValueTask<StoredResponse?> FindByItemAsync(string itemId, CancellationToken cancellationToken)
    {
        lock (_lock)
            return ValueTask.FromResult(_responsesOfItems.TryGetValue(itemId, out string? id) ? Find(id) : null);
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            RemoveExpired();
            return ValueTask.FromResult(Remove(id));
        }
    }

    private void Save(Entry entry)
    {
        ServerOptions limits = options.Value;
        if (limits.MaxStoredResponses == 0)
            return;
        if (entry.Bytes > limits.MaxStoredResponseBytes)
        {
            LogTooLarge(entry.Response.Id, entry.Bytes, limits.MaxStoredResponseBytes);
            return;
        }
        while (_leastRecentlyUsedFirst.First is { } first
            && (_entries.Count >= limits.MaxStoredResponses || _bytes + entry.Bytes > limits.MaxStoredResponseBytes))
        {
            Remove(first.Value.Response.Id);
        }
        _entries.Add(entry.Response.Id, entry);
        _oldestFirst.AddLast(entry.ByAge);
        _leastRecentlyUsedFirst.AddLast(entry.ByUse);
        _bytes += entry.Bytes;
        foreach (string item in entry.Response.ItemIds)
            _responsesOfItems[item] = entry.Response.Id;
    }

    private StoredResponse? Find(string id)
    {
        RemoveExpired();
        if (!_entries.TryGetValue(id, out Entry? entry))
            return null;
        _leastRecentlyUsedFirst.Remove(entry.ByUse);
        _leastRecentlyUsedFirst.AddLast(entry.ByUse);
        return entry.Response;
    }

    private void RemoveExpired()
    {
        DateTimeOffset now = time.GetUtcNow();
        while (_oldestFirst.First is { } first && first.Value.Expires <= now)
            Remove(first.Value.Response.Id);
    }

    private bool Remove(string id)
    {
        if (!_entries.Remove(id, out Entry? entry))
            return false;
        _oldestFirst.Remove(entry.ByAge);
        _leastRecentlyUsedFirst.Remove(entry.ByUse);
        _bytes -= entry.Bytes;
        // An item that a client sent again belongs to the later response.
        foreach (string item in entry.Response.ItemIds.Where(item => _responsesOfItems.GetValueOrDefault(item) == id))
            _responsesOfItems.Remove(item);
        return true;
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Id} is not kept: it has {Bytes} bytes, and all stored responses may have {Limit} together (MaxStoredResponseBytes)")]
    private partial void LogTooLarge(string id, long bytes, long limit);

    private sealed class Entry
    {
        public Entry(StoredResponse response, DateTimeOffset expires)
        {
            Response = response;
            Expires = expires;
            ByAge = new LinkedListNode<Entry>(this);
            ByUse = new LinkedListNode<Entry>(this);
        }

        public StoredResponse Response { get; }

        public DateTimeOffset Expires { get; }

        public LinkedListNode<Entry> ByAge { get; }

        public LinkedListNode<Entry> ByUse { get; }

        public long Bytes => Response.Response.Length + Response.Input.Length;
    }
}
