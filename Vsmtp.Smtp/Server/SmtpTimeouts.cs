namespace Vsmtp.Smtp.Server;

/// <summary>How long the session waits for the client (RFC 5321 §4.5.3.2.7 asks for 5 minutes), then answers 421.</summary>
public sealed record SmtpTimeouts
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    /// <summary>For HELO or EHLO. Default: 5 minutes.</summary>
    public TimeSpan Connect { get; init; } = FiveMinutes;

    /// <summary>For MAIL. Default: 5 minutes.</summary>
    public TimeSpan Helo { get; init; } = FiveMinutes;

    /// <summary>For the first RCPT. Default: 5 minutes.</summary>
    public TimeSpan MailFrom { get; init; } = FiveMinutes;

    /// <summary>For the next RCPT, or DATA. Default: 5 minutes.</summary>
    public TimeSpan RcptTo { get; init; } = FiveMinutes;

    /// <summary>For the next bytes of a message. Default: 5 minutes.</summary>
    public TimeSpan Data { get; init; } = FiveMinutes;

    /// <summary>
    /// For a whole message, so that a client that sends an octet now and then holds nothing for ever. Default: 1 hour.
    /// </summary>
    public TimeSpan WholeMessage { get; init; } = TimeSpan.FromHours(1);

    /// <summary>For a whole exchange behind AUTH, which no person types. Default: 1 minute.</summary>
    public TimeSpan Auth { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>For the client to take a reply. Default: 5 minutes.</summary>
    public TimeSpan Reply { get; init; } = FiveMinutes;
}
