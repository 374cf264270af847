using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Vsmtp.Configuration.Reading;

/// <summary>Durations as people write them: <c>5m</c>, <c>1m 30s</c>, <c>500ms</c>.</summary>
internal static class HumanDuration
{
    private static readonly (string Name, long Ticks)[] Written =
    [
        ("d", TimeSpan.TicksPerDay),
        ("h", TimeSpan.TicksPerHour),
        ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("us", TimeSpan.TicksPerMicrosecond),
    ];

    private static readonly FrozenDictionary<string, long> Units = new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["us"] = TimeSpan.TicksPerMicrosecond,
        ["usec"] = TimeSpan.TicksPerMicrosecond,
        ["ms"] = TimeSpan.TicksPerMillisecond,
        ["msec"] = TimeSpan.TicksPerMillisecond,
        ["s"] = TimeSpan.TicksPerSecond,
        ["sec"] = TimeSpan.TicksPerSecond,
        ["secs"] = TimeSpan.TicksPerSecond,
        ["second"] = TimeSpan.TicksPerSecond,
        ["seconds"] = TimeSpan.TicksPerSecond,
        ["m"] = TimeSpan.TicksPerMinute,
        ["min"] = TimeSpan.TicksPerMinute,
        ["mins"] = TimeSpan.TicksPerMinute,
        ["minute"] = TimeSpan.TicksPerMinute,
        ["minutes"] = TimeSpan.TicksPerMinute,
        ["h"] = TimeSpan.TicksPerHour,
        ["hr"] = TimeSpan.TicksPerHour,
        ["hour"] = TimeSpan.TicksPerHour,
        ["hours"] = TimeSpan.TicksPerHour,
        ["d"] = TimeSpan.TicksPerDay,
        ["day"] = TimeSpan.TicksPerDay,
        ["days"] = TimeSpan.TicksPerDay,
        ["w"] = 7 * TimeSpan.TicksPerDay,
        ["week"] = 7 * TimeSpan.TicksPerDay,
        ["weeks"] = 7 * TimeSpan.TicksPerDay,
    }.ToFrozenDictionary();

    /// <summary>Takes whole numbers, each with its unit; a number without one is refused.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var rest = text.AsSpan().Trim();
        if (rest.IsEmpty)
        {
            return false;
        }

        long ticks = 0;
        while (!rest.IsEmpty)
        {
            if (!TryTakePart(ref rest, out var part) || ticks > long.MaxValue - part)
            {
                return false;
            }

            ticks += part;
        }

        duration = new(ticks);
        return true;
    }

    /// <summary>The largest units first, zero ones left out: <c>1m 30s</c>; nothing below a microsecond.</summary>
    public static string Format(TimeSpan duration)
    {
        var text = new StringBuilder();
        var ticks = duration.Ticks;
        foreach (var (name, unit) in Written)
        {
            var count = ticks / unit;
            ticks -= count * unit;
            if (count > 0)
            {
                text.Append(text.Length == 0 ? "" : " ").Append(count).Append(name);
            }
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    private static bool TryTakePart(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        var digits = CountWhile(rest, char.IsAsciiDigit);
        var isNumber = long.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        var afterNumber = rest[digits..].TrimStart();
        var letters = CountWhile(afterNumber, char.IsAsciiLetter);
        if (!isNumber || !Units.TryGetValue(afterNumber[..letters].ToString(), out var unit) || count > long.MaxValue / unit)
        {
            return false;
        }

        rest = afterNumber[letters..].TrimStart();
        ticks = count * unit;
        return true;
    }

    private static int CountWhile(ReadOnlySpan<char> text, Func<char, bool> predicate)
    {
        var count = 0;
        while (count < text.Length && predicate(text[count]))
        {
            count++;
        }

        return count;
    }
}
