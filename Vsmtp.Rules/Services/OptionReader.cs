using System.Collections.Immutable;
using Vsmtp.Rules.Loading;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Services;

/// <summary>Takes typed options out of a map of a service declaration; faults are collected, not thrown.</summary>
/// <param name="owner">Where the keys are, for messages: <c>service `x`</c>, or <c>`retry` of service `x`</c>.</param>
internal sealed class OptionReader(string owner, VslMap map, ServiceFindings findings)
{
    private readonly HashSet<string> _known = [];

    public string? RequiredText(string key)
    {
        if (!map.ContainsKey(key)) findings.Faults.Add($"{owner} has no key `{key}`");
        return Text(key);
    }

    public string? Text(string key) => Read(key, "a string", value => value.TryAsString(out var text) ? text : null);

    public bool? Flag(string key) =>
        Read<object>(key, "a boolean", value => value.TryAsBoolean(out var flag) ? flag : null) as bool?;

    /// <summary>Null, too, for a fault.</summary>
    public TimeSpan? Duration(string key)
    {
        var written = Read(key, "a string such as \"60s\"", value => value.TryAsString(out var text) ? text : null);
        if (written is null) return null;
        if (DurationText.TryParse(written, out var duration) && duration > TimeSpan.Zero) return duration;
        findings.Faults.Add($"`{key}` of {owner}: `{written}` is not a duration such as 500ms, 60s or 1m 30s");
        return null;
    }

    public long? Positive(string key, long max) =>
        Read<object>(
            key,
            max == long.MaxValue ? "an integer above 0" : $"an integer from 1 to {max}",
            value => value.TryAsInteger(out var number) && number > 0 && number <= max ? number : null) as long?;

    /// <summary>An array of strings, each of which passes; empty when the key is missing.</summary>
    public ImmutableArray<string> Texts(string key, string wanted, Func<string, bool> isGood)
    {
        if (Read(key, "an array of strings", AsTexts) is not { } texts) return [];
        foreach (var text in texts.Where(t => !isGood(t))) findings.Faults.Add($"`{key}` of {owner}: `{text}` is not {wanted}");
        return [.. texts];
    }

    public OptionReader? Map(string key)
    {
        var inner = Read(key, "a map", value => value.TryAsMap(out var found) ? found : null);
        return inner is null ? null : new OptionReader($"`{key}` of {owner}", inner, findings);
    }

    public OptionReader? RequiredMap(string key)
    {
        if (!map.ContainsKey(key)) findings.Faults.Add($"{owner} has no key `{key}`");
        return Map(key);
    }

    /// <summary>A key of any value that the caller judges.</summary>
    public Value? Any(string key)
    {
        _known.Add(key);
        return map.TryGetValue(key, out var value) ? value : (Value?)null;
    }

    /// <summary>To be called last: every key that nobody asked for is probably misspelt.</summary>
    public void WarnOfUnknownKeys()
    {
        foreach (var key in map.Keys.Where(key => !_known.Contains(key)))
        {
            findings.Warnings.Add($"{owner} has an unknown key `{key}`{DidYouMean.Hint(key, _known)}");
        }
    }

    private static List<string>? AsTexts(Value value)
    {
        if (!value.TryAsArray(out var array)) return null;
        var texts = new List<string>();
        foreach (var item in array)
        {
            if (!item.TryAsString(out var text)) return null;
            texts.Add(text);
        }

        return texts;
    }

    private T? Read<T>(string key, string wanted, Func<Value, T?> take)
        where T : class
    {
        _known.Add(key);
        if (!map.TryGetValue(key, out var value)) return null;
        if (take(value) is { } taken) return taken;
        findings.Faults.Add($"`{key}` of {owner} must be {wanted}; it is {value.ToDebug()}");
        return null;
    }
}
