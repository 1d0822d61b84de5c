using LlamaHost.Server.Tests.Http;

namespace LlamaHost.Server.Tests.Hosting;

/// <summary>What an operator sees of settings with which the server can't start.</summary>
public sealed class StartFailureTests
{
    [Theory]
    [InlineData("--LlamaHost:KvCells=abc", "LlamaHost:KvCells is 'abc'; it must be a whole number.")]
    [InlineData("--LlamaHost:FlashAttention=Maybe", "LlamaHost:FlashAttention is 'Maybe'; it must be Auto, On or Off.")]
    [InlineData("--LlamaHost:LoadAtStart=perhaps", "LlamaHost:LoadAtStart is 'perhaps'; it must be true or false.")]
    [InlineData("--Server:StreamHeartbeat=soon", "Server:StreamHeartbeat is 'soon'; it must be a time: hours:minutes:seconds.")]
    [InlineData("--LlamaHost:KvCells=-1", "LlamaHost: KvCells is -1; it must be 0 or more.")]
    [InlineData("--Server:MaxJsonDepth=1", "The field ServerOptions.MaxJsonDepth must be between 2 and 256.")]
    [InlineData("--urls=nowhere", "Invalid url: 'nowhere'")]
    public async Task A_setting_that_can_not_be_is_told_in_one_line(string setting, string line)
    {
        (int exitCode, string output) = await ServerProcess.FailTinyAsync(setting);

        Assert.Equal(78, exitCode);
        Assert.Contains(line, output.TrimEnd(), StringComparison.Ordinal);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task All_of_a_section_s_settings_that_can_not_be_are_told_together()
    {
        (_, string output) = await ServerProcess.FailTinyAsync("--LlamaHost:KvCells=-1", "--LlamaHost:Threads=-2");

        Assert.Equal(2, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told_in_one_line()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();

        (int exitCode, string output) = await ServerProcess.FailTinyAsync($"--urls=http://{taken.LocalEndpoint}");

        Assert.Equal(78, exitCode);
        Assert.Contains("Choose another address", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }
}
