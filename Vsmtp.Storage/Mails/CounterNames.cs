using System.Collections.Immutable;

namespace Vsmtp.Storage.Mails;

/// <summary>What is counted, whichever database counts.</summary>
internal static class CounterNames
{
    /// <summary>Of a write that asks whether the store takes writes: always nought, so never shown.</summary>
    public const string Probe = "probe";

    /// <summary>Shown even when nothing was ever there.</summary>
    private static readonly string[] Always =
    [
        "offered", "working", "delegated", "deliver", "deferred", "dead",
        "total/offered", "total/accepted", "total/delegated", "total/deferred", "total/quarantine", "total/dead", "total/delivered", "total/bounced", "total/removed",
    ];

    /// <summary>The sums that are not nought, and those that are always shown.</summary>
    public static ImmutableSortedDictionary<string, long> Complete(IEnumerable<KeyValuePair<string, long>> sums)
    {
        var counts = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        foreach (var name in Always) counts[name] = 0;
        foreach (var (name, sum) in sums)
        {
            if (sum != 0) counts[name] = sum;
        }

        return counts.ToImmutable();
    }
}
