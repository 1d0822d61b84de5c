using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using LlamaHost.Native.Interop;
using LlamaHost.Native.Loading;
using LlamaHost.Tests;

namespace LlamaHost.Native.Tests.Abi;

/// <summary>The bound structs against the C compiler's view of llama.h, which <c>probe.c</c> wrote into <c>abi-v0.5.0.json</c>.</summary>
public sealed class AbiTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "tests", "LlamaHost.Native.Tests", "Abi");
    private static readonly string TruthFile = Path.Combine(Folder, $"abi-v{AbiCheck.ExpectedVersion}.json");

    public static TheoryData<string> Structs =>
        [.. typeof(LibLlama).Assembly.GetTypes().Where(type => type is { IsValueType: true, IsEnum: false, Namespace: "LlamaHost.Native.Interop" }
            && type.GetCustomAttribute<InlineArrayAttribute>() is null
                && !type.Name.Contains('<', StringComparison.Ordinal)).Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Structs))]
    public void Struct_has_the_size_fields_and_offsets_of_the_header(string name)
    {
        using JsonDocument truth = JsonDocument.Parse(File.ReadAllBytes(TruthFile));
        JsonElement expected = truth.RootElement.GetProperty("structs").GetProperty(name);
        Type type = typeof(LibLlama).Assembly.GetType($"LlamaHost.Native.Interop.{name}", throwOnError: true)!;

        Layout layout = (Layout)typeof(AbiTests).GetMethod(nameof(Measure), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type)
            .Invoke(null, [])!;

        Assert.Equal(expected.GetProperty("size").GetInt32(), layout.Size);
        Assert.Equal(
            expected.GetProperty("fields").EnumerateObject().Select(field => (field.Name, field.Value[0].GetInt32(), field.Value[1].GetInt32())),
            layout.Fields);
    }

    [Fact]
    public void Every_struct_of_the_header_probe_is_bound()
    {
        using JsonDocument truth = JsonDocument.Parse(File.ReadAllBytes(TruthFile));

        Assert.Equal(
            truth.RootElement.GetProperty("structs").EnumerateObject().Select(one => one.Name).Order(StringComparer.Ordinal),
            Structs.Select(row => row.Data).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Constants_have_the_values_of_the_header()
    {
        using JsonDocument truth = JsonDocument.Parse(File.ReadAllBytes(TruthFile));
        Dictionary<string, int> expected = truth.RootElement.GetProperty("constants").EnumerateObject().ToDictionary(
            one => one.Name, one => one.Value.GetInt32());

        Assert.Equal(expected.OrderBy(one => one.Key, StringComparer.Ordinal), BoundConstants.All.OrderBy(one => one.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_recorded_layout_is_what_the_C_compiler_says_of_the_headers_now()
    {
        string? headers = Environment.GetEnvironmentVariable("LLAMAHOST_HEADERS");
        Assert.SkipWhen(string.IsNullOrEmpty(headers),
            "LLAMAHOST_HEADERS is not set: point it to the sources of llama.cpp v0.5.0 to compare the recorded layout with the headers.");

        using Process? generate = StartGenerator(headers);
        Assert.SkipWhen(generate is null, "There is no C compiler: install gcc to compare the recorded layout with the headers.");
        string output = await generate.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await generate.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, generate.ExitCode);
        Assert.Equal(await File.ReadAllTextAsync(TruthFile, TestContext.Current.CancellationToken), output);
    }

    private static Process? StartGenerator(string headers)
    {
        try
        {
            using Process compiler = Process.Start(new ProcessStartInfo("gcc", "--version") { RedirectStandardOutput = true })!;
            compiler.StandardOutput.ReadToEnd();
        }
        catch (Win32Exception)
        {
            return null;
        }
        return Process.Start(new ProcessStartInfo("sh", [Path.Combine(Folder, "generate.sh"), headers]) { RedirectStandardOutput = true });
    }

    // Sets one field at a time to ones and looks which bytes change: what native code will see, without trusting any description of it.
    private static Layout Measure<T>()
        where T : unmanaged
    {
        List<(string, int, int)> fields = [];
        foreach (FieldInfo field in typeof(T).GetFields(BindingFlags.Instance | BindingFlags.Public))
        {
            object boxed = default(T);
            field.SetValue(boxed, Ones(field.FieldType));
            T value = (T)boxed;
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value));
            int offset = bytes.IndexOfAnyExcept((byte)0);
            fields.Add((field.Name, offset, bytes.LastIndexOfAnyExcept((byte)0) - offset + 1));
        }
        return new Layout(Unsafe.SizeOf<T>(), fields);
    }

    private static object Ones(Type type) => type switch
    {
        _ when type == typeof(bool) => true,
        _ when type == typeof(ggml_cpumask) => AllCores(),
        _ when type == typeof(int) => -1,
        _ when type == typeof(uint) => uint.MaxValue,
        _ when type == typeof(long) => -1L,
        _ when type == typeof(nint) => (nint)(-1),
        _ when type == typeof(nuint) => nuint.MaxValue,
        _ when type == typeof(float) => BitConverter.Int32BitsToSingle(-1),
        _ when type == typeof(double) => BitConverter.Int64BitsToDouble(-1),
        _ => throw new NotSupportedException($"A field of type {type}: teach the test to fill it."),
    };

    private static ggml_cpumask AllCores()
    {
        var mask = new ggml_cpumask();
        ((Span<bool>)mask).Fill(true);
        return mask;
    }

    private sealed record Layout(int Size, List<(string Name, int Offset, int Size)> Fields);
}
