using LlamaHost.Grammars.RegularExpressions;

namespace LlamaHost.Grammars.Schemas;

/// <summary>
/// The formats of strings that are enforced, each as an expression of which every text is valid. Where a format lets through more than anybody
/// writes (an e-mail address in quotation marks), the expression is narrower.
/// </summary>
internal static class StringFormats
{
    // Not the year 0000, which many readers refuse.
    private const string Year = "(?:[0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)";
    private const string LeapYear =
        "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)";
    private const string DayOfMonth =
        "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))";
    private const string Date = $"(?:{Year}-{DayOfMonth}|{LeapYear}-02-29)";
    private const string Time = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])";
    private const string Label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,59}[A-Za-z0-9])?";
    // Four labels at most, so that the whole is shorter than a name may be.
    private const string HostName = $"{Label}(?:\\.{Label}){{0,3}}";
    private const string Octet = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private const string Ipv4 = $"{Octet}(?:\\.{Octet}){{3}}";
    private const string Group = "[0-9A-Fa-f]{1,4}";
    private const string Ipv6 =
        $"(?:(?:{Group}:){{7}}{Group}|(?:{Group}:){{1,7}}:|(?:{Group}:){{1,6}}:{Group}|(?:{Group}:){{1,5}}(?::{Group}){{1,2}}"
        + $"|(?:{Group}:){{1,4}}(?::{Group}){{1,3}}|(?:{Group}:){{1,3}}(?::{Group}){{1,4}}|(?:{Group}:){{1,2}}(?::{Group}){{1,5}}"
        + $"|{Group}:(?::{Group}){{1,6}}|:(?::{Group}){{1,7}}|::)";
    private const string PathCharacter = "(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})";
    private const string Tail = $"(?:/{PathCharacter}*)*(?:\\?(?:{PathCharacter}|[/?])*)?(?:#(?:{PathCharacter}|[/?])*)?";
    private const string Port = "(?::[1-9][0-9]{0,3})?";

    private static readonly Dictionary<string, string> Expressions = new(StringComparer.Ordinal)
    {
        ["date"] = Date,
        ["time"] = Time,
        ["date-time"] = $"{Date}T{Time}",
        ["duration"] =
            "P(?:[0-9]{1,6}W|(?:[0-9]{1,6}Y(?:[0-9]{1,6}M(?:[0-9]{1,6}D)?)?|[0-9]{1,6}M(?:[0-9]{1,6}D)?|[0-9]{1,6}D)"
            + "(?:T(?:[0-9]{1,6}H(?:[0-9]{1,6}M(?:[0-9]{1,6}S)?)?|[0-9]{1,6}M(?:[0-9]{1,6}S)?|[0-9]{1,6}S))?"
            + "|T(?:[0-9]{1,6}H(?:[0-9]{1,6}M(?:[0-9]{1,6}S)?)?|[0-9]{1,6}M(?:[0-9]{1,6}S)?|[0-9]{1,6}S))",
        ["uuid"] = "[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}",
        ["email"] = $"[A-Za-z0-9]{{1,20}}(?:[._+-][A-Za-z0-9]{{1,20}}){{0,2}}@(?:{Label}\\.){{1,2}}[A-Za-z]{{2,10}}",
        ["hostname"] = HostName,
        ["ipv4"] = Ipv4,
        ["ipv6"] = Ipv6,
        ["uri"] = $"(?:https?|ftp|wss?)://{HostName}{Port}{Tail}",
        ["json-pointer"] = "(?:/(?:[^/~]|~[01])*)*",
    };

    /// <summary>Names of the formats.</summary>
    public static IEnumerable<string> Names => Expressions.Keys;

    /// <summary>The texts of a format, or <see langword="null"/> if it is not supported.</summary>
    public static GrammarNode? Find(string name) => Expressions.TryGetValue(name, out string? expression) ? RegexGrammar.Whole(expression) : null;
}
