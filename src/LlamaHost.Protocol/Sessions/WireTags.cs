namespace LlamaHost.Protocol.Sessions;

/// <summary>
/// The tags (number and wire type) of the fields that <see cref="StepWriter"/> and <see cref="StepReader"/> know, as <c>worker.proto</c> has them.
/// Each is one byte.
/// </summary>
internal static class WireTags
{
    public const byte StepSequence = (StepMessage.SequencesFieldNumber << 3) | Bytes;
    public const byte RequestId = (SequenceStep.RequestIdFieldNumber << 3) | Bytes;
    public const byte SequenceIndex = (SequenceStep.SequenceIndexFieldNumber << 3) | Varint;
    public const byte SequenceToken = (SequenceStep.TokensFieldNumber << 3) | Bytes;
    public const byte TokenId = (Token.IdFieldNumber << 3) | Varint;
    public const byte TokenText = (Token.TextFieldNumber << 3) | Bytes;
    public const byte TokenIsSpecial = (Token.IsSpecialFieldNumber << 3) | Varint;

    private const byte Varint = 0;
    private const byte Bytes = 2;
}
