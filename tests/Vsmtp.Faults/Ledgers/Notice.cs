namespace Vsmtp.Faults.Ledgers;

/// <summary>A notification that the senders' host took.</summary>
/// <param name="About">The server's id of the mail that it tells of.</param>
/// <param name="Recipients">Of whom it says that they are not served.</param>
/// <param name="Taken">The notification as a mail; its name is that of the mail that it tells of.</param>
internal sealed record Notice(string About, IReadOnlyList<string> Recipients, Arrival Taken);
