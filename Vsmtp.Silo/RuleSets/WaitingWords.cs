using System.Collections.Immutable;
using Vsmtp.Contracts.RuleSets;

namespace Vsmtp.Silo.RuleSets;

/// <summary>Says of the mails that wait under other rules than the present ones how many they are, and what has become of their directives.</summary>
internal static class WaitingWords
{
    /// <summary>So many letters of a hash tell sets apart, and <c>vsmtp rules</c> takes them.</summary>
    private const int ShortLength = 12;

    /// <summary>Sets that are told of; after that their number.</summary>
    private const int MostSets = 20;

    public static ImmutableArray<string> Of(ImmutableArray<RuleSetReport> reports)
    {
        var earlier = reports.Where(report => report is { IsCurrent: false, Use.Mails: > 0 }).ToList();
        var words = earlier.Take(MostSets).SelectMany(Of).ToList();
        if (earlier.Count > MostSets) words.Add($"mails wait under {earlier.Count - MostSets} more rule sets: see vsmtp rules list");
        return [.. words];
    }

    private static IEnumerable<string> Of(RuleSetReport report)
    {
        var hash = report.Use.Hash[..Math.Min(ShortLength, report.Use.Hash.Length)];
        var state = report.IsLoadable ? "" : ", which this program cannot load";
        yield return $"{Count(report.Use.Mails)} under the earlier rules {hash}{state}";
        foreach (var (use, _, whyNot) in report.Directives)
        {
            if (whyNot is not null)
                yield return $"{Count(use.Mails)} asleep at {use.Stage} \"{use.Directive}\" of the rules {hash}, and the present rules {whyNot}";
        }
    }

    private static string Count(long mails) => mails == 1 ? "1 mail is" : $"{mails} mails are";
}
