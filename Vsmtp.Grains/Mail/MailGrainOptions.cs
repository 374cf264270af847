namespace Vsmtp.Grains.Mail;

/// <summary>What mail grains are told about the site.</summary>
public sealed record MailGrainOptions
{
    /// <summary>The process in histories: host name and number.</summary>
    public string Node { get; init; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>After this the sweep asks again after a mail that a process works on. Default: 30 s.</summary>
    public TimeSpan WorkLease { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause of a mail for whose delivery there is no room; the first is 2 s, and they grow as it waits. Default: 1 min.</summary>
    public TimeSpan MaxCrowdedPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Mails whose rules run at once, before new mail is told to come again. Default: 1,000.</summary>
    public int MaxRunning { get; init; } = 1000;

    /// <summary>How long a new mail waits at most: when half of all deliveries that may wait in memory do so, or as many rules run as may. Default: 1 s.</summary>
    public TimeSpan InFlowDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After the end of a wait in preq a mail that nobody has confirmed is withdrawn: its gateway is gone. Longer than a gateway needs to
    /// reach the mail's grain when a silo dies. Default: 20 s.
    /// </summary>
    public TimeSpan OfferMargin { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>So long a gateway that asks for a verdict is kept waiting before it is told that there is none yet. Default: 1 s.</summary>
    public TimeSpan VerdictPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Visits to services that one mail may make; more is a loop of rules. Default: 25.</summary>
    public int MaxDelegations { get; init; } = 25;

    /// <summary>Hashes of tickets that are remembered, the newest: so many of a visit's and so many spent ones. Default: 256.</summary>
    public int MaxSpentTickets { get; init; } = 256;

    /// <summary>
    /// Octets of a service's own headers that are taken over from a return where the original is kept; a return with more counts as
    /// unscanned. They are a part of the state. Default: 64 KiB.
    /// </summary>
    public int MaxVerdictBytes { get; init; } = 64 * 1024;

    /// <summary>Discarded returns that a history tells of; a service that repeats itself for ever must not fill the store. Default: 16.</summary>
    public int MaxDiscardEvents { get; init; } = 16;

    /// <summary>Our name, in notifications.</summary>
    public string ServerName { get; init; } = Environment.MachineName;

    /// <summary>From this age on the sender of a mail that waits is told so, once (RFC 3461 §4.1, DELAY). Default: 4 h.</summary>
    public TimeSpan WarnAfter { get; init; } = TimeSpan.FromHours(4);

    /// <summary>He is told so even if he did not ask. Default: false.</summary>
    public bool WarnsUnasked { get; init; }

    /// <summary>Gets notifications that cannot be delivered to the sender; null: they are dead. Default: null.</summary>
    public string? Postmaster { get; init; }

    /// <summary>The pause after which a notification is offered again, when there is no room for it. Default: 5 s.</summary>
    public TimeSpan NotificationPause { get; init; } = TimeSpan.FromSeconds(5);
}
