using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Vsmtp.Configuration.Toml;

namespace Vsmtp.Configuration.Reading;

internal sealed partial class TableReader
{
    private static readonly TimeSpan LongestDuration = TimeSpan.FromDays(30);

    [return: NotNullIfNotNull(nameof(absent))]
    public string? Text(string key, string? absent) => Parse(key, absent, Whole, "a string");

    /// <param name="expected">What the text must be, with its article: <c>a duration such as "5m"</c>.</param>
    [return: NotNullIfNotNull(nameof(absent))]
    public T? Parse<T>(string key, T? absent, TextParser<T> parser, string expected)
    {
        var value = Find(key);
        return value is not null && TryParse(key, value, parser, expected, out var parsed) ? parsed : absent;
    }

    /// <summary>One of the names of an enumeration.</summary>
    /// <param name="nameOf">The name in the file.</param>
    public T Choice<T>(string key, T absent, Func<T, string> nameOf)
        where T : struct, Enum
    {
        var names = Enum.GetValues<T>().ToDictionary(nameOf, StringComparer.Ordinal);
        return Parse<T>(key, absent, names.TryGetValue, string.Join(" or ", names.Keys.Select(n => $"\"{n}\"")));
    }

    public bool Boolean(string key, bool absent)
    {
        var value = Find(key);
        if (value is null or TomlBoolean)
        {
            return (value as TomlBoolean)?.Value ?? absent;
        }

        WrongType(key, value, "true or false");
        return absent;
    }

    public int Integer(string key, int absent, int min = 1, int max = int.MaxValue) => (int)Long(key, absent, min, max);

    public long Long(string key, long absent, long min, long max)
    {
        var value = Find(key);
        switch (value)
        {
            case null:
                return absent;
            case TomlInteger integer when integer.Value >= min && integer.Value <= max:
                return integer.Value;
            case TomlInteger integer:
                var range = max is int.MaxValue or long.MaxValue ? $"at least {min}" : $"from {min} to {max}";
                Error(key, $"must be {range}, not {integer.Value}");
                return absent;
            default:
                WrongType(key, value, "an integer");
                return absent;
        }
    }

    /// <summary>A limit that -1 takes away.</summary>
    /// <returns>Null: no limit.</returns>
    public int? Limit(string key, int? absent, int min)
    {
        if (Find(key) is TomlInteger { Value: -1 })
        {
            return null;
        }

        if (Find(key) is TomlInteger { Value: var value } && value < min)
        {
            Error(key, $"must be at least {min}, or -1 for no limit; it is {value}");
            return absent;
        }

        var given = Integer(key, -1, min);
        return given == -1 ? absent : given;
    }

    public TimeSpan Duration(string key, TimeSpan absent, bool mayBeZero = false, TimeSpan? max = null)
    {
        var duration = Parse(key, absent, HumanDuration.TryParse, "a duration such as \"5m\", \"1m 30s\" or \"500ms\"");
        var longest = max ?? LongestDuration;
        if (duration > longest)
        {
            Error(key, $"must be at most {HumanDuration.Format(longest)}");
            return absent;
        }

        if (duration == TimeSpan.Zero && !mayBeZero)
        {
            Error(key, "must be more than nothing");
            return absent;
        }

        return duration;
    }

    /// <returns>Absolute.</returns>
    [return: NotNullIfNotNull(nameof(absent))]
    public string? FilePath(string key, string? absent) => Parse(key, absent, IsPath, "a path");

    /// <param name="expected">What each item must be, with its article.</param>
    public ImmutableArray<T> List<T>(string key, ImmutableArray<T> absent, TextParser<T> parser, string expected)
    {
        var value = Find(key);
        if (value is null)
        {
            return absent;
        }

        if (value is not TomlArray array)
        {
            WrongType(key, value, $"an array of strings, each {expected}");
            return absent;
        }

        var items = ImmutableArray.CreateBuilder<T>(array.Items.Count);
        foreach (var item in array.Items)
        {
            if (TryParse(key, item, parser, expected, out var parsed, isItem: true))
            {
                items.Add(parsed);
            }
        }

        return items.Count == array.Items.Count ? items.MoveToImmutable() : absent;
    }

    /// <summary>The text of a string; a --set that happens to look like a number is still the text that was typed. Null for all else.</summary>
    public static string? TextOf(TomlValue value) =>
        (value as TomlString)?.Value ?? (value is TomlTable or TomlArray ? null : value.Mark.Source.TypedAt(value.Mark.Index));

    private bool TryParse<T>(
        string key, TomlValue value, TextParser<T> parser, string expected, [MaybeNullWhen(false)] out T parsed, bool isItem = false)
    {
        if (TextOf(value) is not { } text)
        {
            parsed = default;
            WrongType(key, value, !isItem ? expected : $"an array of strings, each {expected}");
            return false;
        }

        if (parser(text, out parsed))
        {
            return true;
        }

        WrongValue(value, $"{NameOf(key)} must be {expected}, not \"{Shorten(text)}\"");
        return false;
    }

    private bool IsPath(string text, [MaybeNullWhen(false)] out string path)
    {
        path = Context.Resolve(text);
        return path is not null;
    }

    private static bool Whole(string text, out string value)
    {
        value = text;
        return true;
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
