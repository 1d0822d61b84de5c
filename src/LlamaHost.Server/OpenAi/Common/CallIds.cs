using System.Security.Cryptography;
using LlamaHost.Chat;

namespace LlamaHost.Server.OpenAi.Common;

/// <summary>Ids of calls.</summary>
internal static class CallIds
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int UsualLength = 24;

    // Mistral's templates take ids of just this length and refuse all others.
    private const int MistralLength = 9;

    /// <summary>A new id, in the form that the model's template can take back.</summary>
    public static string New(ToolCallFormat? format) => format == ToolCallFormat.Mistral || format == ToolCallFormat.MistralArgs
        ? RandomNumberGenerator.GetString(Alphabet, MistralLength)
        : "call_" + RandomNumberGenerator.GetString(Alphabet, UsualLength);
}
