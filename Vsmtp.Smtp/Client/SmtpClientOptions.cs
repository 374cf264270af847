using Vsmtp.Mail.Transfer;

namespace Vsmtp.Smtp.Client;

/// <summary>How a client speaks to one destination.</summary>
public sealed record SmtpClientOptions
{
    /// <summary>Our name after EHLO: a domain name or an address literal (RFC 5321 §4.1.1.1).</summary>
    public required string HeloName { get; init; }

    /// <summary>With LMTP each recipient that was taken is answered for itself (RFC 2033). Default: SMTP.</summary>
    public TransferProtocol Protocol { get; init; } = TransferProtocol.Smtp;

    /// <summary>Default: none.</summary>
    public SmtpTls Tls { get; init; } = SmtpTls.None;

    /// <summary>Null: nobody signs on. Default: null.</summary>
    public SmtpCredentials? Credentials { get; init; }

    public SmtpClientTimeouts Timeouts { get; init; } = new();

    /// <summary>
    /// Send MAIL, all RCPT and DATA at once to a server that announces PIPELINING (RFC 2920). Never to a proxy, which may announce
    /// what only the server behind it can do: clamsmtpd hangs. Default: true.
    /// </summary>
    public bool AllowsPipelining { get; init; } = true;

    /// <summary>A refused recipient ends the transaction for all, before DATA; implies no pipelining. Default: false.</summary>
    public bool AllRecipientsOrNone { get; init; }

    /// <summary>
    /// Send 8-bit content also to a server that does not announce 8BITMIME, instead of refusing it (RFC 6152 §3). For services that
    /// are no part of mail transport and pass octets on as they are. Default: false.
    /// </summary>
    public bool SendsUnannounced8Bit { get; init; }

    /// <summary>Acknowledge what is received without delay (Linux): saves 40 ms a reply where the other side does not set
    /// TCP_NODELAY. Default: false.</summary>
    public bool AcknowledgesQuickly { get; init; }

    /// <summary>Connections kept open for the next mail. Default: 4.</summary>
    public int MaxIdle { get; init; } = 4;

    /// <summary>How long a connection is kept open without a mail. Default: 30 s.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// At this age a connection takes no further mail, however busy it is: only a new one goes to the address that the name has now.
    /// Default: 5 min.
    /// </summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Connects under way at once. Default: 4.</summary>
    public int MaxConnects { get; init; } = 4;
}
