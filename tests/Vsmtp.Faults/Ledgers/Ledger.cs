using System.Collections.Concurrent;
using System.Diagnostics;
using Vsmtp.EndToEnd.Tests.Killing;

namespace Vsmtp.Faults.Ledgers;

/// <summary>Everything that was seen from outside of the server while a fault was done to it.</summary>
/// <param name="recipientsOf">By a mail's number; null: all are there.</param>
internal sealed class Ledger(int mails, Func<int, string[]>? recipientsOf = null)
{
    /// <summary>What clients sent and what they were answered.</summary>
    public MailFlow Flow { get; } = new(mails, recipientsOf);

    public ConcurrentQueue<Scan> Scans { get; } = new();

    public ConcurrentQueue<Arrival> Arrivals { get; } = new();

    public ConcurrentQueue<Notice> Notices { get; } = new();

    public ConcurrentQueue<Interruption> Interruptions { get; } = new();

    /// <summary>Mails that have been at the smarthost, or of which their sender has heard, or that will never be there.</summary>
    public int Settled => Arrivals.Select(arrival => arrival.Mail).Concat(Notices.Select(notice => notice.Taken.Mail))
        .Concat(Scans.Where(scan => scan.IsInfected || scan.Proof is null).Select(scan => scan.Mail)).Distinct().Count();

    /// <summary>Times that somebody had to start the server again.</summary>
    public int Restarts => _restarts;

    private int _restarts;

    public void Restarted() => Interlocked.Increment(ref _restarts);

    /// <summary>The server could not note anything from then to now.</summary>
    public void Interrupted(string why, long since, IReadOnlySet<string>? delivering = null) =>
        Interruptions.Enqueue(new Interruption(why, since, Stopwatch.GetTimestamp(), delivering));
}
