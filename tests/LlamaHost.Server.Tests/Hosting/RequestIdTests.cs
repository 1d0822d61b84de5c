using LlamaHost.Server.Hosting;
using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Hosting;

public sealed class RequestIdTests(TinyServer server) : IClassFixture<TinyServer>
{
    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/v1/nothing")]
    [InlineData("/nothing")]
    [InlineData("/health/live")]
    public async Task Every_answer_has_an_id_of_its_own(string path)
    {
        using HttpResponseMessage first = await server.Client.GetAsync(path);
        using HttpResponseMessage second = await server.Client.GetAsync(path);

        string id = Assert.Single(first.Headers.GetValues("x-request-id"));
        Assert.StartsWith("req_", id, StringComparison.Ordinal);
        Assert.NotEqual(id, Assert.Single(second.Headers.GetValues("x-request-id")));
    }

    [Fact]
    public async Task Errors_of_handlers_have_one_as_well()
    {
        using HttpResponseMessage response = await server.Client.PostAsync("{");

        Assert.Single(response.Headers.GetValues("x-request-id"));
    }

    [Theory]
    [InlineData("c0ffee-1", true)]
    [InlineData("", false)]
    [InlineData("two words", false)]
    [InlineData("line\nbreak", false)]
    [InlineData("ümlaut", false)]
    public void A_client_s_id_is_kept_if_it_is_plain(string sent, bool isKept) =>
        Assert.Equal(isKept, RequestIds.IdOf(sent, TimeProvider.System) == sent);

    [Fact]
    public void A_client_s_id_is_replaced_if_it_is_long_or_there_are_several()
    {
        string longest = new('x', RequestIds.LongestKept);

        Assert.Equal(longest, RequestIds.IdOf(longest, TimeProvider.System));
        Assert.StartsWith("req_", RequestIds.IdOf(longest + "x", TimeProvider.System), StringComparison.Ordinal);
        Assert.StartsWith("req_", RequestIds.IdOf(new(["a", "b"]), TimeProvider.System), StringComparison.Ordinal);
    }
}
