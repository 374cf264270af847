namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.delivery]</c>.</summary>
public sealed record DeliveryOptions
{
    /// <summary>Takes all mail of the transport <c>deliver</c>; null: MX look-up. Default: null.</summary>
    public HostAndPort? RelayHost { get; init; }

    /// <summary>
    /// Absolute path under which the Maildirs of virtual users are; null: Maildir and mbox belong to system accounts.
    /// Default: null.
    /// </summary>
    public string? MaildirRoot { get; init; }
}
