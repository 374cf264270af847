using Vsmtp.Mail.Transfer;
using MailAddress = Vsmtp.Mail.Addresses.MailAddress;

namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.delivery]</c>.</summary>
public sealed record DeliveryOptions
{
    /// <summary>Takes all mail of the transport <c>deliver</c>; null: MX look-up. Default: null.</summary>
    public ForwardUrl? RelayHost { get; init; }

    /// <summary>What is asked of the TLS of servers that are found by MX. Default: TLS where they offer it.</summary>
    public DestinationTls Tls { get; init; } = DestinationTls.Opportunistic;

    /// <summary>At which port the servers of a domain are asked; another than 25 is for laboratories. Default: 25.</summary>
    public int MxPort { get; init; } = 25;

    /// <summary>At which port the MTA-STS policies of domains are fetched; another than 443 is for laboratories. Default: 443.</summary>
    public int MtaStsPort { get; init; } = 443;

    /// <summary>
    /// From this age on a sender is told that his mail waits, though he did not ask for it; null: only who asks (NOTIFY=DELAY) is told,
    /// after 4 hours. Default: null.
    /// </summary>
    public TimeSpan? DelayWarning { get; init; }

    /// <summary>Gets notifications that cannot be delivered to the sender; null: they go to <c>dead</c>. Default: null.</summary>
    public MailAddress? Postmaster { get; init; }

    /// <summary>
    /// Absolute path under which the Maildirs of virtual users are; null: Maildir and mbox belong to system accounts.
    /// Default: null.
    /// </summary>
    public string? MaildirRoot { get; init; }
}
