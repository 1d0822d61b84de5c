using System.Runtime.InteropServices;

namespace LlamaHost.Native.Interop;

/// <summary>C strings.</summary>
internal static unsafe class Utf8
{
    /// <summary>Fills a buffer and returns the length of the whole text, which may be more.</summary>
    public delegate int Fill(byte* buffer, nuint size);

    /// <summary>A static C string, or the empty text for null.</summary>
    public static string String(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    /// <summary>Text of a function that fills a buffer, or <see langword="null"/> where it reports failure by a negative length.</summary>
    public static string? Read(Fill fill)
    {
        var buffer = new byte[256];
        while (true)
        {
            int length;
            fixed (byte* start = buffer)
                length = fill(start, (nuint)buffer.Length);
            if (length < 0)
                return null;
            // Needs room for the terminating zero too.
            if (length < buffer.Length)
                return System.Text.Encoding.UTF8.GetString(buffer, 0, length);
            buffer = new byte[length + 1];
        }
    }
}
