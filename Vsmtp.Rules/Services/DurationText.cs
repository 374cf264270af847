namespace Vsmtp.Rules.Services;

/// <summary>Durations for people: <c>60s</c>, <c>1m 30s</c>, <c>500ms</c>.</summary>
internal static class DurationText
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    /// <summary>Sums one or more numbers, each with a unit from <c>ms</c> to <c>w</c>, with blanks between them or not.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var rest = text.AsSpan().Trim();
        if (rest.IsEmpty) return false;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 12) return false;
            var number = long.Parse(rest[..digits]);
            rest = rest[digits..];
            var letters = rest.IndexOfAnyExceptInRange('a', 'z');
            if (letters < 0) letters = rest.Length;
            if (Unit(rest[..letters]) is not { } unit) return false;
            rest = rest[letters..].TrimStart();
            if (number > Longest / unit) return false;
            duration += unit * number;
            if (duration > Longest) return false;
        }

        return true;
    }

    private static TimeSpan? Unit(ReadOnlySpan<char> name) => name switch
    {
        "ms" or "msec" => TimeSpan.FromMilliseconds(1),
        "s" or "sec" or "secs" or "second" or "seconds" => TimeSpan.FromSeconds(1),
        "m" or "min" or "mins" or "minute" or "minutes" => TimeSpan.FromMinutes(1),
        "h" or "hr" or "hrs" or "hour" or "hours" => TimeSpan.FromHours(1),
        "d" or "day" or "days" => TimeSpan.FromDays(1),
        "w" or "week" or "weeks" => TimeSpan.FromDays(7),
        _ => null,
    };
}
