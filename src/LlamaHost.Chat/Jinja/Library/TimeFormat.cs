using System.Globalization;
using System.Text;

namespace LlamaHost.Chat.Jinja.Library;

/// <summary>Python's <c>datetime.strftime</c> in the C locale, for local times without a zone.</summary>
internal static class TimeFormat
{
    public static string Write(DateTimeOffset time, string format)
    {
        StringBuilder text = new();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }
            char directive = format[++i];
            bool isUnpadded = directive == '-' && i + 1 < format.Length;
            if (isUnpadded)
                directive = format[++i];
            string field = Field(time, directive);
            text.Append(isUnpadded && field.Length > 1 ? field.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : "0" : field);
        }
        return text.ToString();
    }

    private static string Field(DateTimeOffset time, char directive) => directive switch
    {
        'd' => Net(time, "dd"),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'm' => Net(time, "MM"),
        'b' or 'h' => Net(time, "MMM"),
        'B' => Net(time, "MMMM"),
        'a' => Net(time, "ddd"),
        'A' => Net(time, "dddd"),
        'Y' or 'G' => (directive == 'Y' ? time.Year : ISOWeek.GetYear(time.DateTime)).ToString(CultureInfo.InvariantCulture),
        'y' => Net(time, "yy"),
        'C' => Two(time.Year / 100),
        'H' => Net(time, "HH"),
        'k' => time.Hour.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'I' => Net(time, "hh"),
        'l' => time.ToString("%h", CultureInfo.InvariantCulture).PadLeft(2),
        'M' => Net(time, "mm"),
        'S' => Net(time, "ss"),
        'f' => Net(time, "ffffff"),
        'p' => Net(time, "tt"),
        'P' => Net(time, "tt").ToLowerInvariant(),
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'u' => (((int)time.DayOfWeek + 6) % 7 + 1).ToString(CultureInfo.InvariantCulture),
        'U' => Two((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7),
        'W' => Two((time.DayOfYear + 6 - ((int)time.DayOfWeek + 6) % 7) / 7),
        'V' => Two(ISOWeek.GetWeekOfYear(time.DateTime)),
        'D' or 'x' => Net(time, "MM/dd/yy"),
        'F' => Net(time, "yyyy-MM-dd"),
        'T' or 'X' => Net(time, "HH:mm:ss"),
        'R' => Net(time, "HH:mm"),
        'r' => Net(time, "hh:mm:ss tt"),
        'c' => $"{Net(time, "ddd MMM")} {time.Day,2} {Net(time, "HH:mm:ss yyyy")}",
        's' => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
        'z' or 'Z' => "",
        'n' => "\n",
        't' => "\t",
        '%' => "%",
        _ => "%" + directive,
    };

    private static string Net(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    private static string Two(int number) => number.ToString("00", CultureInfo.InvariantCulture);
}
