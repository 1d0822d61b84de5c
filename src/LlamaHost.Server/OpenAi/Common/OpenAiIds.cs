using System.Security.Cryptography;
using System.Text;
using LlamaHost.Engine.Requests;
using LlamaHost.Runtime.Catalogue;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>Names of answers and of what made them.</summary>
internal static class OpenAiIds
{
    private const int FingerprintDigits = 10;

    /// <summary>A new id, such as <c>cmpl-0198c0ffee…</c>: later ones sort behind earlier ones.</summary>
    /// <param name="prefix">With its hyphen or underscore.</param>
    /// <param name="now">The time.</param>
    public static string New(string prefix, DateTimeOffset now) => $"{prefix}{Guid.CreateVersion7(now):N}";

    /// <summary>
    /// What an answer depends on besides the request: the model's file, the version of llama.cpp and what computes. While it stays the same, the
    /// same request with the same seed gives the same answer.
    /// </summary>
    public static string Fingerprint(ModelEntry entry, ModelDescription model)
    {
        string parts = string.Join(
            '\n', entry.Id, entry.FileSize, entry.Created.ToUnixTimeSeconds(), model.NativeVersion, model.Backend, model.Placement?.GpuLayers);
        return $"fp_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts)))[..FingerprintDigits]}";
    }
}
