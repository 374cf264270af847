using System.Collections.Immutable;
using Vsmtp.Mail.Transfer;

namespace Vsmtp.Mail.Delegation;

/// <summary>An outside service that mails are delegated to, as a <c>service NAME smtp</c> declares it (design.md section 6).</summary>
public sealed record SmtpServiceSettings
{
    /// <summary>By which name mails asleep find it again in a newer rule set.</summary>
    public required string Name { get; init; }

    /// <summary>Where mails are sent: <c>host:port</c>, IPv6 in brackets; resolved at each connect.</summary>
    public required string Delegator { get; init; }

    /// <summary>How mails are handed to it. Default: SMTP.</summary>
    public TransferProtocol Protocol { get; init; } = TransferProtocol.Smtp;

    /// <summary>Our listener on which they come back: <c>ip:port</c>; an unspecified address matches by port.</summary>
    public required string Receiver { get; init; }

    /// <summary>For the connect and for each reply. Default: 60 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Mails that one process has with the service at once. Default: 8.</summary>
    public int MaxInFlight { get; init; } = 8;

    /// <summary>Mails that all processes of a cluster together have with it at once; null: only each process' own bound.</summary>
    public int? MaxInFlightTotal { get; init; }

    /// <summary>Connects under way at once: clamsmtpd's listen backlog is 5. Default: 4.</summary>
    public int MaxConnects { get; init; } = 4;

    public DelegationRetry Retry { get; init; } = new();

    /// <summary>How long after its 250 the service may take to bring a mail back. Default: 5 min.</summary>
    public TimeSpan ReturnDeadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Headers of which the service adds one to all that it scanned; empty: a return is taken as scanned.</summary>
    public ImmutableArray<string> Proof { get; init; } = [];

    /// <summary>Further headers that are the service's alone; these and <see cref="Proof"/> are removed before a mail is sent to it.</summary>
    public ImmutableArray<string> VerdictHeaders { get; init; } = [];

    /// <summary>
    /// Of a return only the headers of <see cref="Proof"/> and <see cref="VerdictHeaders"/> are taken over; the mail stays as it was.
    /// Default: false, the mail becomes what the service returned.
    /// </summary>
    public bool KeepsOriginal { get; init; }

    /// <summary>What only the service may say of a mail.</summary>
    public ImmutableArray<string> OwnHeaders => Proof.AddRange(VerdictHeaders);

    /// <summary>Who may bring mails back: addresses, names or CIDR ranges. Empty: the delegator's host.</summary>
    public ImmutableArray<string> Peers { get; init; } = [];

    /// <summary>Larger mails are not sent and count as unscanned; null: no bound but the server's own.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>How long a client is kept waiting for the service's verdict in preq; null: no mail is delegated to it there.</summary>
    public TimeSpan? PreqWait { get; init; }

    /// <summary>What becomes of the mail when that is over: true, accepted and on asleep; false, the default, 4yz.</summary>
    public bool AcceptsLate { get; init; }

    /// <summary>The longest <see cref="PreqWait"/>: a client waits 10 minutes for the reply (RFC 5321 §4.5.3.2.6), and must hear it.</summary>
    public static TimeSpan MaxPreqWait { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The way to the service; the way back to our receiver is in clear. Default: none.</summary>
    public TlsLevel Tls { get; init; } = TlsLevel.None;

    /// <summary>
    /// The certificates, in PEM, of which one must stand behind the service's with <see cref="TlsLevel.Verify"/>; null: those that the
    /// system trusts. The text itself, so that a set that was pinned elsewhere can be used here.
    /// </summary>
    public string? TlsAuthorities { get; init; }

    /// <summary>A service that announces XFORWARD is told which client a mail came from. Default: true.</summary>
    public bool GivesOrigin { get; init; } = true;
}

/// <summary>When a service that cannot take a mail is asked again.</summary>
public sealed record DelegationRetry
{
    /// <summary>The first pause; each further one is twice as long. Default: 5 s.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause. Default: 5 min.</summary>
    public TimeSpan Max { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long after the first attempt the delegation has failed for good. Default: 4 h.</summary>
    public TimeSpan GiveUp { get; init; } = TimeSpan.FromHours(4);
}
