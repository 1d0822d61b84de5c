using CsCheck;
using LlamaHost.Tests;

namespace LlamaHost.Gguf.Tests;

public sealed class GgufHeaderTests
{
    [Fact]
    public void What_was_written_is_read_back() =>
        AnyHeader.Any.Sample(written =>
        {
            GgufHeader read = Read(GgufWriter.Write(written));
            Assert.Equal(written.Version, read.Version);
            Assert.Equal(written.Tensors.Count, read.Tensors.Count);
            Assert.Equal(written.Tensors.Sum(shape => shape.Aggregate(1L, (product, dimension) => product * (long)dimension)), read.ParameterCount);
            Assert.Equal(written.Entries.ToDictionary(one => one.Key, one => one.Value.Expected), read.Metadata);
        });

    [Fact]
    public void The_weights_after_the_header_are_not_read()
    {
        byte[] header = new GgufWriter().Start(3, 0, 1).Entry("general.architecture", "llama").ToArray();
        using var stream = new CountingStream([.. header, .. new byte[10_000_000]]);
        Assert.Equal("llama", GgufHeader.Read(stream).Architecture);
        Assert.InRange(stream.BytesRead, header.Length, 64 * 1024);
    }

    [Fact]
    public void A_long_array_is_passed_over_without_being_read()
    {
        var scores = new AnyValue(GgufType.Array, GgufType.UInt8, [.. Enumerable.Repeat((object)(byte)1, 5_000_000)]);
        using var stream = new CountingStream(new GgufWriter().Start(3, 0, 2).Entry("scores", scores).Entry("general.name", "after").ToArray());
        Assert.Equal("after", GgufHeader.Read(stream).Name);
        Assert.InRange(stream.BytesRead, 1, 200_000);
    }

    [Fact]
    public void A_header_that_is_cut_anywhere_is_reported_as_damaged()
    {
        byte[] whole = new GgufWriter().Start(3, 2, 4)
            .Entry("general.architecture", "llama")
            .Entry("tokens", new AnyValue(GgufType.Array, GgufType.String, ["a", "", "ccc"]))
            .Entry("scores", new AnyValue(GgufType.Array, GgufType.Float32, [1f, 2f]))
            .Entry("llama.context_length", 512u)
            .Tensor("a", 2, 3).Tensor("b").ToArray();
        Assert.Equal(7, Read(whole).ParameterCount);
        for (int length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidGgufException>(() => Read(whole[..length]));
    }

    [Fact]
    public void Bytes_changed_anywhere_give_a_header_or_the_one_error()
    {
        Gen<(AnyHeader Header, (int At, byte To)[] Changes)> damaged =
            from header in AnyHeader.Any
            from changes in Gen.Select(Gen.Int[0, 400], Gen.Byte).Array[1, 8]
            select (header, changes);
        damaged.Sample(one =>
        {
            byte[] bytes = GgufWriter.Write(one.Header);
            foreach ((int at, byte to) in one.Changes)
                bytes[at % bytes.Length] = to;
            try
            {
                _ = Read(bytes);
            }
            catch (InvalidGgufException invalid)
            {
                Assert.NotEmpty(invalid.Message);
            }
        });
    }

    public static TheoryData<string, byte[]> Hostile
    {
        get
        {
            const string truncated = "ends within its header: it is truncated or damaged";
            const string tooMany = "has more weights than can be counted; it is damaged";
            GgufWriter String(ulong length) => new GgufWriter().Start(3, 0, 1).Text("a").Number((int)GgufType.String).Number(length);
            GgufWriter Array(GgufType element, ulong count) =>
                new GgufWriter().Start(3, 0, 1).Text("a").Number((int)GgufType.Array).Number((int)element).Number(count);
            return new TheoryData<string, byte[]>
            {
                { "is not a GGUF file", "PK\u0003\u0004 and so on"u8.ToArray() },
                { "is a GGUF file of version 0; only 2 and 3 can be used", new GgufWriter().Start(0, 0, 0).ToArray() },
                { "is a GGUF file of version 1; only 2 and 3 can be used", new GgufWriter().Start(1, 0, 0).ToArray() },
                { "is a GGUF file of version 4; only 2 and 3 can be used", new GgufWriter().Start(4, 0, 0).ToArray() },
                { "is a big-endian GGUF file; only little-endian ones can be used", new GgufWriter().Start(0x03000000, 0, 0).ToArray() },
                { $"claims {long.MaxValue} tensors; it is damaged", new GgufWriter().Start(3, long.MaxValue, 0).ToArray() },
                { $"claims {ulong.MaxValue} metadata entries; it is damaged", new GgufWriter().Start(3, 0, -1).ToArray() },
                { truncated, new GgufWriter().Start(3, 0, 1).Number(ulong.MaxValue).ToArray() },
                { truncated, String(1UL << 40).ToArray() },
                // Times the size of an element, it is 8 again.
                { truncated, Array(GgufType.Float64, (ulong.MaxValue / 8) + 2).ToArray() },
                { truncated, Array(GgufType.String, ulong.MaxValue).ToArray() },
                { "has a value of unknown type 9 for 'a'; it is damaged or newer than this program", Array(GgufType.Array, 1).ToArray() },
                { "has a value of unknown type 13 for 'a'; it is damaged or newer than this program", Array((GgufType)13, 1).ToArray() },
                { "has 'a' twice", new GgufWriter().Start(3, 0, 2).Entry("a", 1).Entry("a", 2).ToArray() },
                { "has a metadata entry without a key", new GgufWriter().Start(3, 0, 1).Entry("", 1).ToArray() },
                { "has a tensor of 5 dimensions; it is damaged", new GgufWriter().Start(3, 1, 0).Tensor("a", 1, 1, 1, 1, 1).ToArray() },
                { tooMany, new GgufWriter().Start(3, 1, 0).Tensor("a", 1UL << 32, 1UL << 31).ToArray() },
                { tooMany, new GgufWriter().Start(3, 2, 0).Tensor("a", long.MaxValue).Tensor("b", 1).ToArray() },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_hostile_header_is_refused_with_the_reason(string reason, byte[] bytes) =>
        Assert.Equal(reason, Assert.Throws<InvalidGgufException>(() => Read(bytes)).Message);

    [Fact]
    public void Text_without_end_is_refused_before_it_fills_the_memory()
    {
        // 3 GB of zeros to read, of which nothing exists.
        byte[] start = new GgufWriter().Start(3, 0, 1).Text("a").Number((int)GgufType.String).Number(3UL << 30).ToArray();
        using var stream = new ZeroStream(start, 4L << 30);
        InvalidGgufException refused = Assert.Throws<InvalidGgufException>(() => GgufHeader.Read(stream));
        Assert.Equal("holds more than 67108864 bytes of text in its header", refused.Message);
    }

    [Theory]
    [InlineData("tiny-llama", "llama", 512, "F32")]
    [InlineData("tiny-llama-spm", "llama", 512, "F32")]
    [InlineData("tiny-stablelm", "stablelm", 512, "F32")]
    [InlineData("tiny-t5", "t5", 512, "F32")]
    public void A_tiny_model_is_described_by_its_header(string file, string architecture, int context, string quantization)
    {
        GgufHeader header = GgufHeader.Read(RepositoryFiles.TinyModel(file));
        Assert.Equal((architecture, context, quantization, true), (header.Architecture, header.ContextLength, header.Quantization, header.IsModel));
    }

    [Fact]
    public void The_default_model_is_described_by_its_header()
    {
        GgufHeader header = GgufHeader.Read(RepositoryFiles.DefaultModel);
        Assert.Equal(("llama", 8192, "Q4_1", 134_515_008L), (header.Architecture, header.ContextLength, header.Quantization, header.ParameterCount));
    }

    private static GgufHeader Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return GgufHeader.Read(stream);
    }

    private sealed class CountingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public long BytesRead { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            BytesRead += read;
            return read;
        }
    }

    private sealed class ZeroStream(byte[] start, long length) : MemoryStream(start)
    {
        public override long Length => length;

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = base.Read(buffer, offset, count);
            if (read > 0)
                return read;
            Array.Clear(buffer, offset, count);
            return count;
        }
    }
}
