using CsCheck;
using LlamaHost.Server.OpenAi.Responses.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace LlamaHost.Server.Tests.OpenAi.Responses;

public sealed class MemoryResponseStoreTests
{
    private static readonly Gen<(int Id, int Kind, int Bytes)[]> Steps = Gen.Select(Gen.Int[0, 9], Gen.Int[0, 3], Gen.Int[0, 1500]).Array[1, 60];

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task The_one_used_least_recently_goes_first_when_there_are_too_many()
    {
        MemoryResponseStore store = Store(new ServerOptions { MaxStoredResponses = 2 });
        await SaveAsync(store, "a", 1);
        await SaveAsync(store, "b", 1);
        Assert.NotNull(await FindAsync(store, "a"));
        await SaveAsync(store, "c", 1);

        Assert.Equal((true, false, true), (await HasAsync(store, "a"), await HasAsync(store, "b"), await HasAsync(store, "c")));
    }

    [Fact]
    public async Task As_many_go_as_the_bytes_of_a_new_one_need_and_what_is_larger_than_all_is_not_kept()
    {
        MemoryResponseStore store = Store(new ServerOptions { MaxStoredResponseBytes = 2000 });
        await SaveAsync(store, "a", 900);
        await SaveAsync(store, "b", 900);
        await SaveAsync(store, "large", 2001);
        Assert.Equal((true, true, false), (await HasAsync(store, "a"), await HasAsync(store, "b"), await HasAsync(store, "large")));
        await SaveAsync(store, "c", 1500);

        Assert.Equal((false, false, true), (await HasAsync(store, "a"), await HasAsync(store, "b"), await HasAsync(store, "c")));
    }

    [Fact]
    public async Task What_has_lived_its_time_is_gone_however_often_it_was_used()
    {
        MemoryResponseStore store = Store(new ServerOptions { StoredResponseLifetime = TimeSpan.FromMinutes(10) });
        await SaveAsync(store, "a", 1);
        _time.Advance(TimeSpan.FromMinutes(9));
        await SaveAsync(store, "b", 1);
        Assert.True(await HasAsync(store, "a"));
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((false, true), (await HasAsync(store, "a"), await HasAsync(store, "b")));
        Assert.False(await store.DeleteAsync("a", TestContext.Current.CancellationToken));
        Assert.Null(await store.FindByItemAsync("item of a", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task An_item_is_found_in_the_latest_response_that_has_it()
    {
        MemoryResponseStore store = Store(new ServerOptions());
        await SaveAsync(store, "a", 1, "item");
        await SaveAsync(store, "b", 1, "item");
        await store.DeleteAsync("a", TestContext.Current.CancellationToken);

        Assert.Equal("b", (await store.FindByItemAsync("item", TestContext.Current.CancellationToken))?.Id);
    }

    [Fact]
    public async Task Nothing_is_kept_where_the_limit_is_none()
    {
        MemoryResponseStore store = Store(new ServerOptions { MaxStoredResponses = 0 });
        await SaveAsync(store, "a", 1);

        Assert.False(await HasAsync(store, "a"));
    }

    [Fact]
    public Task The_limits_hold_whatever_happens() => Steps.SampleAsync(async steps =>
    {
        MemoryResponseStore store = Store(new ServerOptions { MaxStoredResponses = 4, MaxStoredResponseBytes = 3000 });
        Dictionary<string, int> saved = [];
        foreach ((int id, int kind, int bytes) in steps)
        {
            if (kind == 0)
            {
                await store.DeleteAsync($"{id}", TestContext.Current.CancellationToken);
                saved.Remove($"{id}");
            }
            else
            {
                await SaveAsync(store, $"{id}", bytes);
                saved[$"{id}"] = bytes;
                // What fits is there at once.
                Assert.True(await HasAsync(store, $"{id}"));
            }
        }
        int count = 0, total = 0;
        foreach ((string id, int bytes) in saved)
        {
            bool isThere = await HasAsync(store, id);
            count += isThere ? 1 : 0;
            total += isThere ? bytes : 0;
        }

        Assert.True(count <= 4 && total <= 3000);
    });

    private MemoryResponseStore Store(ServerOptions options) => new(Options.Create(options), _time, NullLogger<MemoryResponseStore>.Instance);

    private static ValueTask SaveAsync(MemoryResponseStore store, string id, int bytes, string? item = null) => store.SaveAsync(
        new StoredResponse(id, null, [item ?? $"item of {id}"], new byte[bytes], ReadOnlyMemory<byte>.Empty), TestContext.Current.CancellationToken);

    private static ValueTask<StoredResponse?> FindAsync(MemoryResponseStore store, string id) =>
        store.FindAsync(id, TestContext.Current.CancellationToken);

    private static async Task<bool> HasAsync(MemoryResponseStore store, string id) => await FindAsync(store, id) is not null;
}
