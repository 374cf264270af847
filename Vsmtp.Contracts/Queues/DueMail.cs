namespace Vsmtp.Contracts.Queues;

/// <summary>A mail that a sweep took.</summary>
/// <param name="MailId">The mail.</param>
/// <param name="Version">The ETag of its state: what is known of it holds for this version (<see cref="Mail.IMailGrain.Advance"/>).</param>
/// <param name="BusyBy">The incarnation that its row says is at work on it: null (none), the caller's own, or one that has ended; never another that lives.</param>
public sealed record DueMail(string MailId, string Version, string? BusyBy);
