namespace Vsmtp.Configuration.Options;

/// <summary>
/// The table <c>[server.smtp.timeout_client]</c>, complete or absent: how long the server waits for a client in each phase.
/// All default to the 5 minutes of RFC 5321 §4.5.3.2.7.
/// </summary>
public sealed record ClientTimeouts
{
    /// <summary>For HELO or EHLO after the greeting. Default: 5 minutes.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For MAIL after HELO or EHLO. Default: 5 minutes.</summary>
    public TimeSpan Helo { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For RCPT after MAIL. Default: 5 minutes.</summary>
    public TimeSpan MailFrom { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For the next RCPT, or DATA. Default: 5 minutes.</summary>
    public TimeSpan RcptTo { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For the next bytes of the message, and for the client to take our replies. Default: 5 minutes.</summary>
    public TimeSpan Data { get; init; } = TimeSpan.FromMinutes(5);
}
