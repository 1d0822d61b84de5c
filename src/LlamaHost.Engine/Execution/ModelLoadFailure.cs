using System.Text.RegularExpressions;
using LlamaHost.Native;

namespace LlamaHost.Engine.Execution;

/// <summary>Sorts llama.cpp's reasons, which it only logs, into <see cref="ModelLoadException"/>'s codes.</summary>
internal static partial class ModelLoadFailure
{
    /// <summary>Memory was short.</summary>
    public const string OutOfMemoryCode = "out_of_memory";

    /// <summary>Whether memory was short.</summary>
    public static bool IsOutOfMemory(LlamaException refusal) => Code(string.Join('\n', refusal.Log)) == OutOfMemoryCode;

    /// <param name="refusal">What llama.cpp says.</param>
    /// <param name="fileName">The model's file.</param>
    public static ModelLoadException From(LlamaException refusal, string fileName)
    {
        string[] reasons = [.. refusal.Log.Select(Reason).Where(reason => reason.Length > 0).Distinct()];
        string message = reasons.Length == 0
            ? $"{fileName}: {refusal.Message}."
            : $"{fileName} can't be loaded: {string.Join("; ", reasons)}.";
        return new ModelLoadException(Code(message), message);
    }

    private static string Code(string reasons) =>
        OutOfMemory().IsMatch(reasons) ? OutOfMemoryCode :
        Unsupported().IsMatch(reasons) ? "model_unsupported" : "model_invalid";

    /// <summary>A log line without the names of C functions, or nothing if it only says that loading failed.</summary>
    private static string Reason(string line)
    {
        string reason = Preamble().Replace(line, "").Trim().TrimEnd('.');
        return reason.StartsWith("failed to load model", StringComparison.Ordinal) ? "" : reason;
    }

    [GeneratedRegex(@"^(\w+: )?(error loading model: |failed to initialize the context: )?(\w+: )?", RegexOptions.CultureInvariant)]
    private static partial Regex Preamble();

    [GeneratedRegex(
        "failed to allocate|unable to allocate|cannot allocate|bad_alloc|out of memory", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OutOfMemory();

    [GeneratedRegex(
        "unknown model architecture|unknown pre-tokenizer|unknown tokenizer|not supported|unsupported|requires flash_attn|does not divide",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Unsupported();
}
