using System.Collections.Frozen;
using System.Globalization;

namespace Vsmtp.Mail.Addresses;

/// <summary>Under which domains anybody may register one (publicsuffix.org/list): which part of a name is one owner's.</summary>
public sealed class PublicSuffixList
{
    private const string Exception = "!";
    private const string Any = "*";

    private readonly FrozenSet<string> _rules;

    private PublicSuffixList(FrozenSet<string> rules) => _rules = rules;

    /// <summary>Reads the list's own format: a rule per line up to the first blank, comments behind <c>//</c>, UTF-8.</summary>
    public static PublicSuffixList Parse(IEnumerable<string> lines)
    {
        var rules = lines.Select(line => line.Split(' ', '\t')[0])
            .Where(rule => rule.Length > 0 && !rule.StartsWith("//", StringComparison.Ordinal))
            .Select(ToAscii).OfType<string>();
        return new PublicSuffixList(rules.ToFrozenSet());
    }

    /// <summary>The public suffix of a domain with the one label in front of it, in the letters that were given.</summary>
    /// <param name="domain">In Unicode or ASCII form, without a final dot.</param>
    /// <returns>Null: no rule matches, or the whole domain is a suffix.</returns>
    public string? FindRegistered(string domain)
    {
        if (ToAscii(domain) is not { } ascii) return null;
        var labels = ascii.Split('.');
        var written = domain.Split('.');
        if (labels.Length != written.Length) return null;
        var suffix = SuffixLength(labels);
        return suffix > 0 && suffix < labels.Length ? string.Join('.', written[^(suffix + 1)..]) : null;
    }

    /// <summary>Labels of the longest rule that matches, of an exception one less; 0 when none does.</summary>
    private int SuffixLength(string[] labels)
    {
        for (var from = 0; from < labels.Length; from++)
        {
            var name = string.Join('.', labels[from..]);
            if (_rules.Contains(Exception + name)) return labels.Length - from - 1;
            if (_rules.Contains(name)) return labels.Length - from;
            if (from + 1 < labels.Length && _rules.Contains($"{Any}.{string.Join('.', labels[(from + 1)..])}")) return labels.Length - from;
        }

        return 0;
    }

    /// <summary>Null: it is no domain.</summary>
    private static string? ToAscii(string name)
    {
        var lower = name.ToLowerInvariant();
        if (lower.All(char.IsAscii)) return lower;
        try
        {
            var mark = lower.StartsWith(Exception, StringComparison.Ordinal) ? Exception : lower.StartsWith("*.", StringComparison.Ordinal) ? "*." : "";
            return mark + new IdnMapping().GetAscii(lower[mark.Length..]);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
