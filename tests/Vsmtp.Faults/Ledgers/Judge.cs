using System.Collections.Immutable;
using System.Diagnostics;
using Vsmtp.Dashboard.Api;
using Vsmtp.EndToEnd.Tests.Killing;
using Vsmtp.Faults.Sites;

namespace Vsmtp.Faults.Ledgers;

/// <summary>Says what became of each mail, once the server has come to rest.</summary>
/// <param name="kept">What the server still has.</param>
/// <param name="tellsSenders">Some recipients are refused, and their senders must hear of it.</param>
internal sealed class Judge(Ledger ledger, ImmutableArray<ApiMail> kept, bool tellsSenders)
{
    private readonly ILookup<string, Arrival> _arrivals = ledger.Arrivals.ToLookup(arrival => arrival.Mail);
    private readonly ILookup<string, Scan> _scans = ledger.Scans.ToLookup(scan => scan.Mail);
    private readonly ILookup<string, Notice> _notices = ledger.Notices.ToLookup(notice => notice.About);
    private readonly Dictionary<string, ApiMail> _kept = kept.ToDictionary(mail => mail.Id);
    private readonly Dictionary<string, int> _reasons = [];
    private readonly List<string> _unaccounted = [];
    private int _once;
    private int _repeated;
    private int _quarantined;

    public FaultRow Say(string fault, string done)
    {
        var accepted = ledger.Flow.Mails.Where(mail => mail.AcceptedAs is not null).ToArray();
        foreach (var mail in accepted) Count(mail);
        CountNotices();
        var lost = accepted.Select(LossOf).OfType<string>().ToArray();
        var unscanned = ledger.Arrivals.Select(UnscannedOf).OfType<string>().ToArray();
        return new FaultRow(fault, accepted.Length, _once, _repeated, _reasons, _quarantined, lost, unscanned, _unaccounted, done)
        {
            Told = tellsSenders ? ledger.Notices.Select(notice => notice.Taken.Id).Distinct().Count() : null,
        };
    }

    /// <returns>Null: the mail that the 250 was for is where it should be.</returns>
    private string? LossOf(TestMail mail)
    {
        if (_scans[mail.Id].Any(scan => !scan.IsAsSent)) return $"mail {mail.Id}, {mail.AcceptedAs}: the service was given something else";
        if (!mail.IsInfected && IsServed(mail) && IsSenderTold(mail)) return null;
        var place = _kept.GetValueOrDefault(mail.AcceptedAs!);
        return IsPlaceOf(mail, place?.Queue) ? null : $"mail {mail.Id}, {mail.AcceptedAs}: {place?.ToString() ?? "nowhere"}";
    }

    private bool IsServed(TestMail mail) => mail.Recipients.All(IsGone) || _arrivals[mail.Id].Any(arrival => arrival.Id == mail.AcceptedAs);

    private bool IsSenderTold(TestMail mail) =>
        mail.Recipients.Where(IsGone).All(recipient => _notices[mail.AcceptedAs!].Any(notice => notice.Recipients.Contains(recipient)));

    private static bool IsGone(string recipient) => recipient.StartsWith(Exchanges.Gone, StringComparison.Ordinal);

    /// <summary>The rule puts aside what is infected, the server what came back without proof of a scan.</summary>
    private bool IsPlaceOf(TestMail mail, string? queue) => queue switch
    {
        "quarantine/virus_q" => _scans[mail.Id].Any(scan => scan is { IsInfected: true, Proof: not null }),
        "quarantine/delegation" => _scans[mail.Id].Any(scan => scan.Proof is null),
        _ => false,
    };

    /// <returns>Null: exactly this message is one that the service had passed.</returns>
    private string? UnscannedOf(Arrival arrival) =>
        _scans[arrival.Mail].Any(scan => !scan.IsInfected && scan.Proof is not null && scan.Proof == arrival.Proof && scan.Returned == arrival.Content)
            ? null
            : $"mail {arrival.Mail}, {arrival.Id}: delivered with the proof \"{arrival.Proof}\", which the service did not give it";

    private void Count(TestMail mail)
    {
        var arrivals = _arrivals[mail.Id].ToArray();
        if (arrivals.Length == 1) _once++;
        else if (arrivals.Length > 1) _repeated++;
        else if (_kept.ContainsKey(mail.AcceptedAs!)) _quarantined++;
        if (arrivals.Length > 1) Explain(mail, arrivals);
    }

    /// <summary>Of each failure one notification, and it may arrive twice for the reasons for which any mail may.</summary>
    private void CountNotices()
    {
        var refused = ledger.Flow.Mails.ToDictionary(mail => mail.Id, mail => mail.Recipients.Where(IsGone).ToHashSet());
        foreach (var about in _notices)
        {
            var sent = about.GroupBy(notice => notice.Taken.Id).Select(one => one.OrderBy(notice => notice.Taken.At).ToArray()).ToArray();
            foreach (var one in sent)
            {
                if (one.Length > 1) _repeated++;
                foreach (var (first, again) in one.Zip(one.Skip(1))) Note(WhyAgain(first.Taken, again.Taken), first.Taken, again.Taken);
            }

            var told = sent.SelectMany(one => one[0].Recipients).ToArray();
            if (told.Length != told.Distinct().Count() || !refused[about.First().Taken.Mail].IsSupersetOf(told))
                Note(FaultRow.Unexplained, sent[0][0].Taken, sent[^1][0].Taken);
        }
    }

    private void Explain(TestMail mail, Arrival[] arrivals)
    {
        var sent = arrivals.GroupBy(arrival => arrival.Id).ToArray();
        for (var i = 1; i < sent.Length; i++) Note(WhySentAgain(mail, i), sent[0].First(), sent[i].First());
        foreach (var one in sent)
        {
            var inOrder = one.OrderBy(arrival => arrival.At).ToArray();
            foreach (var (first, again) in inOrder.Zip(inOrder.Skip(1))) Note(WhyAgain(first, again), first, again);
        }
    }

    /// <summary>A 4yz is no reason: what it was said of is not to be delivered.</summary>
    private static string WhySentAgain(TestMail mail, int number) =>
        number <= mail.UncertainSends ? "sent again by the client, who had no answer" : FaultRow.Unexplained;

    private string WhyAgain(Arrival first, Arrival again) => first.IsReplyLost
        ? "the smarthost's 250 lost"
        : ledger.Interruptions.FirstOrDefault(interruption => interruption.Explains(first, again)) is { } interruption
            ? $"in flight at {interruption.Why}"
            : FaultRow.Unexplained;

    private void Note(string reason, Arrival first, Arrival again)
    {
        _reasons[reason] = _reasons.GetValueOrDefault(reason) + 1;
        if (reason == FaultRow.Unexplained) _unaccounted.Add(Describe(first, again));
    }

    private string Describe(Arrival first, Arrival again)
    {
        var about = ledger.Interruptions.Where(one => one.To >= first.Since - Stopwatch.Frequency && one.From <= again.At);
        var fell = about.Select(one => $"{one.Why} {Ms(one.From)} to {Ms(one.To)} ({(one.Explains(first, again) ? "open" : "not open")})");
        return $"mail {first.Mail}: {first.Id} was asked for at 0 ms and taken at {Ms(first.At)}, {again.Id} at {Ms(again.At)}; "
            + string.Join(", ", fell);

        long Ms(long at) => (at - first.Since) * 1_000 / Stopwatch.Frequency;
    }
}
