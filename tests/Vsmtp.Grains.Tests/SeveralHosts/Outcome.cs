namespace Vsmtp.Grains.Tests.SeveralHosts;

/// <summary>What is expected of a cell, and what is found, as lines that can be compared and read.</summary>
internal static class Outcome
{
    /// <param name="order">The names of the hosts, as they are tried.</param>
    public static string Expected(Cell cell, params string[] order)
    {
        var ends = Enumerable.Range(0, cell.Recipients).Select(i => Walk(cell, i, order)).ToList();
        var queue = ends.Exists(end => end.Status == "Waiting") ? "deferred" : ends.Exists(end => end.Status == "Bounced") ? "bounced" : "delivered";
        return string.Join('\n', [queue, .. ends.Zip(cell.Addresses, (end, to) => Line(to, end.Status, end.Answer.Status, end.Answer.Reply, end.Host))]);
    }

    /// <param name="status">Of the recipient, as <c>RecipientStatus</c> names it.</param>
    /// <param name="host">Who said <paramref name="reply"/>.</param>
    public static string Line(string address, string status, string code, string? reply, string? host) =>
        status == "Delivered" ? $"{address} Delivered" : $"{address} {status} {code} {(reply is null ? "" : $"{reply} by {host}")}".TrimEnd();

    /// <summary>From host to host until one decides.</summary>
    private static (string Status, Answer Answer, string Host) Walk(Cell cell, int recipient, string[] order)
    {
        var answers = order
            .Select(host => (Answer: host == Cell.First ? Answer.OfFirst(cell, recipient) : Answer.OfSecond(cell), Host: $"{host}.{cell.Domain}"))
            .ToList();
        foreach (var (answer, host) in answers)
        {
            if (answer.Meaning is Meaning.Taken) return ("Delivered", answer, host);
            if (answer.Meaning is Meaning.Never) return ("Bounced", answer, host);
            if (answer.Meaning is Meaning.MayHaveIt) return ("Waiting", answer, host);
        }

        var status = answers.TrueForAll(one => one.Answer.Meaning is Meaning.NotHere) ? "Bounced" : "Waiting";
        return (status, answers[^1].Answer, answers[^1].Host);
    }
}
