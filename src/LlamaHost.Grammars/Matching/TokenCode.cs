namespace LlamaHost.Grammars.Matching;

/// <summary>
/// Bytes that stand for a token without text, so that the network can take it like any other: a byte that UTF-8 never has, then the id in base 128.
/// </summary>
internal static class TokenCode
{
    private const byte Mark = 0xFF;

    /// <summary>The bytes of a token.</summary>
    /// <param name="id">Token id.</param>
    public static byte[] Of(int id) =>
        [Mark, (byte)((id >> 28) & 0x7F), (byte)((id >> 21) & 0x7F), (byte)((id >> 14) & 0x7F), (byte)((id >> 7) & 0x7F), (byte)(id & 0x7F)];
}
