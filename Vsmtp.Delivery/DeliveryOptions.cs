using System.Collections.Immutable;
using System.Net;
using Vsmtp.Delivery.Carrying;
using Vsmtp.Mail.Transfer;
using Vsmtp.Smtp.Client;

namespace Vsmtp.Delivery;

/// <summary>What delivery is told by the site; filled by the composition from <c>vsmtp.toml</c>.</summary>
public sealed record DeliveryOptions
{
    /// <summary>Our name after EHLO (RFC 5321 §4.1.1.1) and in names of Maildir files.</summary>
    public required string ServerName { get; init; }

    /// <summary>Route of the transport <c>deliver</c>. Default: null, by MX.</summary>
    public ForwardUrl? RelayHost { get; init; }

    /// <summary>What is asked of the TLS of servers that are found by MX. Default: TLS where they offer it.</summary>
    public DestinationTls Tls { get; init; } = DestinationTls.Opportunistic;

    /// <summary>At which port the servers of a domain are asked. Default: 25 (RFC 5321 §4.5.4.2).</summary>
    public int RemotePort { get; init; } = SmtpDestination.DefaultPort;

    /// <summary>At which port the policy hosts of domains are asked. Default: 443 (RFC 8461 §3.3).</summary>
    public int PolicyPort { get; init; } = 443;

    /// <summary>Domains whose policies, or that they have none, are remembered without a look into the store. Default: 8,192.</summary>
    public int MaxKnownPolicies { get; init; } = 8 * 1024;

    /// <summary>
    /// Certificates in PEM that must stand behind those of policy hosts and of servers that must prove their names. Default: null, those that
    /// the machine trusts.
    /// </summary>
    public string? WorldAuthorities { get; init; }

    /// <summary>
    /// Domains whose senders' mail does not leave in clear: by MX, or to a relay host that is not this machine. Letter case apart. Default: none.
    /// </summary>
    public ImmutableHashSet<string> SecuredSenders { get; init; } = [];

    /// <summary>Where this site takes mail itself: mail is not sent there. Default: none known.</summary>
    public ImmutableArray<IPEndPoint> Listeners { get; init; } = [];

    /// <summary>Maildirs of virtual users are <c>ROOT/DOMAIN/LOCALPART/</c>. Default: null, Maildirs are system accounts'.</summary>
    public string? MaildirRoot { get; init; }

    /// <summary>Mboxes of system accounts are <c>ROOT/ACCOUNT</c>; a carrier takes the default. Default: <c>/var/mail</c>.</summary>
    public string MboxRoot { get; init; } = "/var/mail";

    /// <summary>Group of what is made in the mailboxes of system accounts. Default: null, the account's own.</summary>
    public string? LocalGroup { get; init; }

    /// <summary>The process that delivers to system accounts. Default: null, this one does.</summary>
    public CarrierLink? Carrier { get; init; }

    /// <summary>How long another program may hold an mbox before the mail is deferred; a carrier takes the default. Default: 20 s.</summary>
    public TimeSpan MboxPatience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The pause after the first attempt that left a recipient waiting (<c>deferred_retry_period</c>). Default: 5 min.</summary>
    public TimeSpan RetryFirst { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest pause; each is twice as long as the one before. Default: 4 h.</summary>
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromHours(4);

    /// <summary>How long a mail is tried (RFC 5321 §4.5.4.1: 4 to 5 days). Default: 5 days.</summary>
    public TimeSpan RetryGiveUp { get; init; } = TimeSpan.FromDays(5);

    /// <summary>Attempts after which a mail is given up even earlier (<c>deferred_retry_max</c>). Default: null, no such bound.</summary>
    public int? RetryMaxAttempts { get; init; }

    /// <summary>
    /// Attempts of delivery, and as many of delegation, that wait or are under way; more are refused and wait in the store. Each is some
    /// 5 KB of memory. Default: 8,192.
    /// </summary>
    public int MaxJobs { get; init; } = 8 * 1024;

    /// <summary>Mails that sleep in the store and of which is remembered that they wait for a turn with a service. Default: 32,768.</summary>
    public int MaxWaiting { get; init; } = 32 * 1024;

    /// <summary>Of the jobs, attempts for one service, so that a slow one leaves room for others. Default: 1024.</summary>
    public int MaxJobsPerService { get; init; } = 1024;

    /// <summary>Failures in a row that are a service's own, after which no mail is sent to it for a while. Default: 5.</summary>
    public int BreakerFailures { get; init; } = 5;

    /// <summary>How long a service that failed so is left alone before one mail is tried. Default: 1 s.</summary>
    public TimeSpan BreakerFirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest such pause; each is twice as long as the one before. Default: 30 s.</summary>
    public TimeSpan BreakerMaxPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// After this a mail that waits for its turn with a service looks for itself, should nobody call it; the more mails wait, the later,
    /// up to 4 min. Default: 10 s.
    /// </summary>
    public TimeSpan TurnPause { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Of the jobs, deliveries to one destination, so that one that does not answer leaves room for others. Default: 6,144.</summary>
    public int MaxJobsPerDestination { get; init; } = 6 * 1024;

    /// <summary>Deliveries under way at once. Default: 64.</summary>
    public int MaxDeliveries { get; init; } = 64;

    /// <summary>Deliveries under way at once to one destination. Default: 8.</summary>
    public int MaxDeliveriesPerDestination { get; init; } = 8;

    /// <summary>Deliveries under way at once to one domain that is found by MX, in all processes of a cluster together. Default: 20.</summary>
    public int MaxDeliveriesPerDomain { get; init; } = 20;

    /// <summary>How long other servers may take; default: as RFC 5321 §4.5.3.2 asks.</summary>
    public SmtpClientTimeouts RemoteTimeouts { get; init; } = new();

    /// <summary>How long conversations under way may take to end when the process does. Default: 20 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(20);
}
