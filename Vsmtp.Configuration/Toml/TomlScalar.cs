using System.Globalization;
using System.Text.RegularExpressions;

namespace Vsmtp.Configuration.Toml;

/// <summary>Numbers, booleans, dates and times: <c>scalar : atom+ ( WS atom+ )?</c>.</summary>
internal static partial class TomlScalar
{
    // RFC 3339 §5.7 lets a leap second be 60.
    private const int MaxSecond = 60;

    /// <returns>Null when the text is none of these, which has been told.</returns>
    public static TomlValue? Read(string text, TomlMark mark, TomlFaultList faults)
    {
        if (text is "true" or "false")
        {
            return new TomlBoolean(mark, text == "true");
        }

        if (Integer().IsMatch(text) || Prefixed().IsMatch(text))
        {
            return ReadInteger(text, mark, faults);
        }

        if (Float().IsMatch(text))
        {
            return new TomlFloat(mark, double.Parse(Digits(text), NumberStyles.Float, CultureInfo.InvariantCulture));
        }

        if (text is "inf" or "+inf" or "-inf" or "nan" or "+nan" or "-nan")
        {
            var size = text.EndsWith("nan", StringComparison.Ordinal) ? double.NaN : double.PositiveInfinity;
            return new TomlFloat(mark, text[0] == '-' ? -size : size);
        }

        var date = DateTimeShape().Match(text);
        if (date.Success)
        {
            return ReadDateTime(date, mark, faults);
        }

        faults.Add(mark, Message(text));
        return null;
    }

    private static TomlInteger? ReadInteger(string text, TomlMark mark, TomlFaultList faults)
    {
        var digits = Digits(text);
        var (fits, value) = digits switch
        {
            ['0', 'x', ..] => ParsePowerOfTwo(digits.AsSpan(2), 4),
            ['0', 'o', ..] => ParsePowerOfTwo(digits.AsSpan(2), 3),
            ['0', 'b', ..] => ParsePowerOfTwo(digits.AsSpan(2), 1),
            _ => (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var read), read),
        };
        if (!fits)
        {
            faults.Add(mark, "the integer does not fit in 64 bits");
            return null;
        }

        return new(mark, value);
    }

    private static (bool Fits, long Value) ParsePowerOfTwo(ReadOnlySpan<char> digits, int bits)
    {
        long value = 0;
        foreach (var digit in digits)
        {
            if (value >> (63 - bits) != 0)
            {
                return (false, 0);
            }

            value = (value << bits) | (long)(char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return (true, value);
    }

    private static TomlDateTime? ReadDateTime(Match match, TomlMark mark, TomlFaultList faults)
    {
        var (hasDate, hasTime, hasOffset) = (match.Groups["year"].Success, match.Groups["hour"].Success, match.Groups["offset"].Success);
        var isReal = (!hasDate || IsDate(match)) && (!hasTime || IsTime(match)) && (!hasOffset || IsOffset(match));
        if (!isReal)
        {
            faults.Add(mark, $"there is no such date or time as '{match.Value}'");
            return null;
        }

        var kind = (hasDate, hasTime, hasOffset) switch
        {
            (true, true, true) => TomlDateTimeKind.OffsetDateTime,
            (true, true, false) => TomlDateTimeKind.LocalDateTime,
            (true, false, _) => TomlDateTimeKind.LocalDate,
            _ => TomlDateTimeKind.LocalTime,
        };
        return new(mark, kind, match.Value.ToUpperInvariant().Replace(' ', 'T'));
    }

    private static bool IsDate(Match match)
    {
        var (year, month, day) = (Number(match, "year"), Number(match, "month"), Number(match, "day"));
        // Year 0 is a leap year of the proleptic calendar; DateTime begins with year 1.
        return month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year == 0 ? 4 : year, month);
    }

    private static bool IsTime(Match match) =>
        Number(match, "hour") <= 23 && Number(match, "minute") <= 59 && Number(match, "second") <= MaxSecond;

    private static bool IsOffset(Match match) =>
        !match.Groups["offsetHour"].Success || (Number(match, "offsetHour") <= 23 && Number(match, "offsetMinute") <= 59);

    private static int Number(Match match, string group) =>
        int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Digits(string text) => text.Replace("_", "", StringComparison.Ordinal);

    private static string Message(string text) => text switch
    {
        _ when LeadingZero().IsMatch(text) => $"a number has no leading zeros: '{text}'",
        _ when text.ToLowerInvariant() is "true" or "false" => $"booleans are written in lower case: '{text.ToLowerInvariant()}'",
        _ when text.StartsWith("0X", StringComparison.Ordinal) || text.StartsWith("0O", StringComparison.Ordinal)
            || text.StartsWith("0B", StringComparison.Ordinal) => "the prefix of a number is written in lower case",
        _ => $"'{(text.Length <= 40 ? text : text[..40] + "…")}' is no value; a text stands in quotes",
    };

    [GeneratedRegex("""^[+-]?(0|[1-9](_?[0-9])*)\z""", RegexOptions.ExplicitCapture)]
    private static partial Regex Integer();

    [GeneratedRegex("""^(0x[0-9A-Fa-f](_?[0-9A-Fa-f])*|0o[0-7](_?[0-7])*|0b[01](_?[01])*)\z""", RegexOptions.ExplicitCapture)]
    private static partial Regex Prefixed();

    [GeneratedRegex("""^[+-]?(0|[1-9](_?[0-9])*)(\.[0-9](_?[0-9])*([eE][+-]?[0-9](_?[0-9])*)?|[eE][+-]?[0-9](_?[0-9])*)\z""", RegexOptions.ExplicitCapture)]
    private static partial Regex Float();

    [GeneratedRegex("""^[+-]?0[0-9_]+(\.[0-9_]+)?([eE][+-]?[0-9_]+)?\z""", RegexOptions.ExplicitCapture)]
    private static partial Regex LeadingZero();

    [GeneratedRegex("""
        ^(
          (?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})
          ([Tt\ ](?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(\.[0-9]+)?
            (?<offset>[Zz]|[+-](?<offsetHour>[0-9]{2}):(?<offsetMinute>[0-9]{2}))?)?
          | (?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(\.[0-9]+)?
        )\z
        """, RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex DateTimeShape();
}
