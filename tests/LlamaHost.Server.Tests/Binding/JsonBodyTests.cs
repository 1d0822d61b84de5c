using System.Text;
using System.Text.Json;
using CsCheck;
using LlamaHost.Server.Binding;
using LlamaHost.Server.Errors;
using LlamaHost.Server.Generate.Parameters;

namespace LlamaHost.Server.Tests.Binding;

public sealed class JsonBodyTests
{
    private const string Whole = """{"prompt": ["é🙂", "a\n\"\\"], "top_p": 0.5, "stop": ["x"], "seed": 12, "details": true}""";

    [Fact]
    public void A_byte_order_mark_is_skipped()
    {
        using JsonDocument body = JsonBody.Parse((byte[])[0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}'], 32);

        Assert.Empty(body.RootElement.EnumerateObject());
    }

    [Fact]
    public void A_body_cut_anywhere_is_refused_as_such()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Whole);
        for (int length = 0; length < bytes.Length; length++)
        {
            ApiException error = Assert.Throws<ApiException>(() => JsonBody.Parse(bytes.AsMemory(0, length), 32));

            Assert.Equal(StatusCodes.Status400BadRequest, error.Status);
            Assert.Contains(error.Code, (string[])[ErrorCodes.InvalidJson, ErrorCodes.InvalidUtf8]);
        }
    }

    [Fact]
    public void An_invalid_byte_is_found()
    {
        ApiException error = Assert.Throws<ApiException>(() => JsonBody.Parse((byte[])[(byte)'{', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)'}'], 32));

        Assert.Equal(ErrorCodes.InvalidUtf8, error.Code);
        Assert.Contains("byte 2 ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_bytes_either_bind_or_are_refused_with_a_400()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Whole);
        Gen<(int, byte)> change = Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte);
        change.Array[1, 6].Sample(changes =>
        {
            byte[] bytes = [.. whole];
            foreach ((int index, byte value) in changes)
                bytes[index] = value;
            try
            {
                using JsonDocument body = JsonBody.Parse(bytes, 32);
                GenerateParameters.Table.Bind(body.RootElement);
            }
            catch (ApiException error)
            {
                Assert.Equal(StatusCodes.Status400BadRequest, error.Status);
            }
        }, iter: 20_000);
    }
}
