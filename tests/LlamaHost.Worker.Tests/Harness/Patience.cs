namespace LlamaHost.Worker.Tests.Harness;

/// <summary>How long a test waits for what must happen, on a machine that may be busy.</summary>
internal static class Patience
{
    /// <summary>Cancelled when the test is, or when it has waited far too long.</summary>
    public static CancellationToken Token
    {
        get
        {
            var source = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            source.CancelAfter(TimeSpan.FromMinutes(2));
            return source.Token;
        }
    }
}
