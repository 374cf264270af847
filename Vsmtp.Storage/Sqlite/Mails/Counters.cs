using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Vsmtp.Contracts.Mail;
using Vsmtp.Contracts.Queues;
using Vsmtp.Storage.Mails;

namespace Vsmtp.Storage.Sqlite.Mails;

/// <summary>How many mails are in each queue and how many came and went; a row per name and process, summed on reading.</summary>
/// <remarks>Moves are summed up first: those of a whole batch are of few counters. At all times: accepted = in all queues but offered + delivered + bounced + removed. Names: <see cref="IMailQueries.CountAsync"/>.</remarks>
internal static class Counters
{
    private const string Total = "total/";
    private const string Accepted = Total + "accepted";

    /// <summary>It never was a mail.</summary>
    private static readonly string Withdrawn = MailQueue.NameOf(MailPhase.Withdrawn);

    /// <summary>Counted as there, and not as accepted.</summary>
    private static readonly string Offered = MailQueue.NameOf(MailPhase.Offered);

    /// <summary>A mail goes from a queue (null: it is new) to another.</summary>
    public static void Move(SqliteSession writer, string process, string? from, string to)
    {
        if (from == to) return;
        if (from is not null && !MailQueue.IsEnd(from)) Note(writer, process, from, -1);
        if (to == Withdrawn) return;
        if (to != Offered && (from is null || from == Offered)) Note(writer, process, Accepted, 1);
        if (!MailQueue.IsEnd(to)) Note(writer, process, to, 1);
        if (Kind(to) is var kind && (from is null || kind != Kind(from))) Note(writer, process, Total + kind, 1);
    }

    /// <summary>Writes what has been moved since the last time.</summary>
    public static void WriteMoves(SqliteSession writer)
    {
        foreach (var ((name, process), by) in writer.CounterMoves)
        {
            if (by != 0) Add(writer, process, name, by);
        }

        writer.CounterMoves.Clear();
    }

    /// <summary>A mail's row is taken away by its grain.</summary>
    public static void Clear(SqliteSession writer, string process, string from)
    {
        if (!MailQueue.IsEnd(from)) Move(writer, process, from, from == Offered ? Withdrawn : MailQueue.NameOf(MailPhase.Removed));
    }

    /// <summary>Makes one row of those of all other processes. One that still runs goes on from nought: sums stay right.</summary>
    public static int Fold(SqliteSession writer, string process)
    {
        writer.Use("""
            INSERT INTO counter (name, process, value)
            SELECT name, '', sum(value) FROM counter WHERE process <> '' AND process <> ?1 GROUP BY name
            ON CONFLICT (name, process) DO UPDATE SET value = value + excluded.value
            """).With(process).Run();
        return writer.Use("DELETE FROM counter WHERE process <> '' AND process <> ?1").With(process).Run();
    }

    /// <summary>A write that changes nothing, but has to reach the disk.</summary>
    public static bool Probe(SqliteSession writer, string process)
    {
        Add(writer, process, CounterNames.Probe, 0);
        return true;
    }

    public static ImmutableSortedDictionary<string, long> Read(SqliteSession reader)
    {
        var sums = new List<KeyValuePair<string, long>>();
        using var row = reader.Use("SELECT name, sum(value) FROM counter GROUP BY name");
        while (row.Step()) sums.Add(KeyValuePair.Create(row.Text(0), row.Number(1)));
        return CounterNames.Complete(sums);
    }

    private static void Note(SqliteSession writer, string process, string name, long by) =>
        CollectionsMarshal.GetValueRefOrAddDefault(writer.CounterMoves, (name, process), out _) += by;

    private static void Add(SqliteSession writer, string process, string name, long by) => writer
        .Use("""
            INSERT INTO counter (name, process, value) VALUES (?, ?, ?)
            ON CONFLICT (name, process) DO UPDATE SET value = value + excluded.value
            """)
        .With(name).With(process).With(by)
        .Run();

    /// <summary>All quarantines are one kind.</summary>
    private static string Kind(string queue) => queue.StartsWith("quarantine/", StringComparison.Ordinal) ? "quarantine" : queue;
}
