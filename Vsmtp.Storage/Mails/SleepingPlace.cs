using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.RuleSets;

namespace Vsmtp.Storage.Mails;

/// <summary>The directive that a mail sleeps at, as a column: stage, a space and name. A stage has no space.</summary>
internal static class SleepingPlace
{
    /// <summary>Null: it sleeps at none.</summary>
    public static string? Of(MailState state) =>
        (state.Phase is MailPhase.Delegated || state is { Phase: MailPhase.Quarantine, Quarantine: MailQueue.RuleSetQuarantine })
        && state.Visits is [var visit, ..] ? $"{visit.Stage} {visit.Directive}" : null;

    /// <summary>Rows of (rule set, when it was put, when it was replaced, place or null for all its mails, how many) as one use of each set.</summary>
    public static IEnumerable<RuleSetUse> UsesOf(IEnumerable<(string Hash, long? PutAt, long? ReplacedAt, string? Place, long Mails)> rows) =>
        rows.GroupBy(row => row.Hash).Select(set => new RuleSetUse(
            set.Key,
            TimeOrNull(set.First().PutAt),
            TimeOrNull(set.First().ReplacedAt),
            set.Where(row => row.Place is null).Sum(row => row.Mails),
            [.. set.Where(row => row.Place is not null).Select(row => Directive(row.Place!, row.Mails))]));

    private static DirectiveUse Directive(string place, long mails)
    {
        var space = place.IndexOf(' ', StringComparison.Ordinal);
        return new DirectiveUse(place[..space], place[(space + 1)..], mails);
    }

    private static DateTimeOffset? TimeOrNull(long? time) => time is { } at ? Timestamp.Read(at) : null;
}
