using System.Text.RegularExpressions;
using LlamaHost.Engine.Requests;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace LlamaHost.Server.Hosting;

/// <summary>Says why the server can't start, as far as that is for the operator to mend: a line for each mistake.</summary>
internal static partial class StartFailure
{
    private static readonly Type[] Choices = [typeof(FlashAttention), typeof(KvCacheType), typeof(SpeculationMode), typeof(EmbeddingPooling)];

    /// <summary>The mistakes, or <see langword="null"/> if it is none of the operator's.</summary>
    public static IReadOnlyList<string>? Describe(Exception failure) => failure switch
    {
        OptionsValidationException mistakes => [.. mistakes.Failures],
        AggregateException several when several.InnerExceptions.All(one => Describe(one) is not null) =>
            [.. several.InnerExceptions.SelectMany(one => Describe(one)!)],
        IOException { InnerException: AddressInUseException } taken =>
            [$"{taken.Message} Choose another address with --urls http://localhost:PORT."],
        // A settings file that is no JSON.
        InvalidDataException { InnerException: { } reason } unreadable => [$"{unreadable.Message} {reason.Message}"],
        // An address that is none.
        FormatException malformed => [malformed.Message],
        InvalidOperationException when UnreadableValue().Match(failure.Message) is { Success: true } value =>
            [$"{value.Groups["setting"]} is '{value.Groups["value"]}'; it must be {Expected(value.Groups["type"].Value)}."],
        _ => null,
    };

    private static string Expected(string type) => type switch
    {
        "System.Int32" or "System.Int64" => "a whole number",
        "System.Boolean" => "true or false",
        "System.TimeSpan" => "a time: hours:minutes:seconds",
        _ when Choices.FirstOrDefault(choice => choice.FullName == type) is { } choice => Listed(Enum.GetNames(choice)),
        _ => $"a {type}",
    };

    private static string Listed(string[] names) => $"{string.Join(", ", names[..^1])} or {names[^1]}";

    // What the configuration's binder says.
    [GeneratedRegex(@"^Failed to convert configuration value '(?<value>.*)' at '(?<setting>.*)' to type '(?<type>.*)'\.$")]
    private static partial Regex UnreadableValue();
}
