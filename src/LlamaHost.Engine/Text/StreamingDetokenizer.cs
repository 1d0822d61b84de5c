using System.Buffers;
using System.Text;
using LlamaHost.Engine.Execution;

namespace LlamaHost.Engine.Text;

/// <summary>
/// Turns tokens into text as they come. The concatenation of all that it returns equals the text of all tokens decoded at once by Hugging Face's
/// tokenizers, cut characters included; what is not certain yet is held back.
/// </summary>
internal sealed class StreamingDetokenizer
{
    private readonly ITokenizer _tokenizer;
    private readonly bool _skipSpecial;
    private readonly ArrayBufferWriter<byte> _pending;
    private readonly ArrayBufferWriter<byte> _byteRun;
    private readonly StringBuilder _text = new();
    private bool _stripSpace;

    /// <param name="tokenizer">The model's vocabulary.</param>
    /// <param name="skipSpecial">Leave special tokens out.</param>
    public StreamingDetokenizer(ITokenizer tokenizer, bool skipSpecial)
    {
        _tokenizer = tokenizer;
        _skipSpecial = skipSpecial;
        _pending = new ArrayBufferWriter<byte>(16);
        _byteRun = new ArrayBufferWriter<byte>(16);
        _stripSpace = tokenizer.StripsLeadingSpace;
    }

    /// <summary>A copy in the same state.</summary>
    public StreamingDetokenizer(StreamingDetokenizer other) : this(other._tokenizer, other._skipSpecial)
    {
        _pending.Write(other._pending.WrittenSpan);
        _byteRun.Write(other._byteRun.WrittenSpan);
        _stripSpace = other._stripSpace;
    }

    /// <summary>A space at the beginning of what comes next is dropped.</summary>
    public bool StripsSpace => _stripSpace;

    /// <summary>The text that became certain with this token; often its own, sometimes none, sometimes more.</summary>
    public string Push(int token)
    {
        if (_skipSpecial && _tokenizer.IsSpecial(token))
            return "";
        if (_tokenizer.IsByte(token))
        {
            _byteRun.Write(_tokenizer.Piece(token));
            return "";
        }
        EndByteRun();
        _pending.Write(_tokenizer.Piece(token));
        DecodePending(isFinal: false);
        return Take();
    }

    /// <summary>
    /// Ends a text that others follow as a text of their own, such as a prompt: byte tokens that were held back are certain if they are whole
    /// characters as they stand, and are returned. Without that a line break at the prompt's end would appear again in front of the continuation.
    /// </summary>
    public string Settle()
    {
        if (System.Text.Unicode.Utf8.IsValid(_byteRun.WrittenSpan))
            EndByteRun();
        return Take();
    }

    /// <summary>The rest, with U+FFFD for what stayed incomplete.</summary>
    public string Flush()
    {
        EndByteRun();
        DecodePending(isFinal: true);
        return Take();
    }

    // A run of byte tokens is text if all of it is valid UTF-8, else one U+FFFD per byte.
    private void EndByteRun()
    {
        if (_byteRun.WrittenCount == 0)
            return;
        DecodePending(isFinal: true);
        ReadOnlySpan<byte> run = _byteRun.WrittenSpan;
        if (System.Text.Unicode.Utf8.IsValid(run))
            _text.Append(Encoding.UTF8.GetString(run));
        else
            _text.Append('\uFFFD', run.Length);
        _byteRun.ResetWrittenCount();
    }

    private void DecodePending(bool isFinal)
    {
        ReadOnlySpan<byte> bytes = _pending.WrittenSpan;
        Span<char> characters = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            OperationStatus status = Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed);
            if (status == OperationStatus.NeedMoreData && !isFinal)
                break;
            _text.Append(characters[..rune.EncodeToUtf16(characters)]);
            bytes = bytes[consumed..];
        }
        Span<byte> rest = stackalloc byte[4];
        int length = bytes.Length;
        bytes.CopyTo(rest);
        _pending.ResetWrittenCount();
        _pending.Write(rest[..length]);
    }

    private string Take()
    {
        if (_text.Length == 0)
            return "";
        int start = _stripSpace && _text[0] == ' ' ? 1 : 0;
        _stripSpace = false;
        string text = _text.ToString(start, _text.Length - start);
        _text.Clear();
        return text;
    }
}
