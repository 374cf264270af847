namespace Vsmtp.Contracts.Mail;

/// <summary>How a recipient is served.</summary>
[GenerateSerializer, Alias("vsmtp.transport-kind")]
public enum TransportKind
{
    /// <summary>To the relay host of the site, or by MX.</summary>
    Deliver,

    /// <summary>To the host that <see cref="MailRecipient.Target"/> names.</summary>
    Forward,
    Mbox,
    Maildir,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>How far a recipient has come.</summary>
[GenerateSerializer, Alias("vsmtp.recipient-status")]
public enum RecipientStatus
{
    Waiting,
    Delivered,
    Failed,

    /// <summary>Failed, and the sender has been notified of it.</summary>
    Bounced,
}

/// <summary>One recipient of a mail, how to serve it and what came of it.</summary>
[GenerateSerializer, Immutable, Alias("vsmtp.mail-recipient")]
public sealed record MailRecipient
{
    /// <summary>The forward path without brackets.</summary>
    [Id(0)] public string Address { get; init; } = "";

    [Id(1)] public TransportKind Transport { get; init; }

    /// <summary>Where to, for <see cref="TransportKind.Forward"/>: host, address or <c>address:port</c>.</summary>
    [Id(2)] public string? Target { get; init; }

    [Id(3)] public RecipientStatus Status { get; init; }

    /// <summary>What the last attempt met: the far end's reply or our reason.</summary>
    [Id(4)] public string? LastResult { get; init; }

    /// <summary>NOTIFY as given (RFC 3461 §4.1); null when not given.</summary>
    [Id(5)] public string? Notify { get; init; }

    /// <summary>ORCPT as given (RFC 3461 §4.2); null when not given.</summary>
    [Id(6)] public string? OriginalRecipient { get; init; }

    /// <summary>The same for a notification; null when it has not been tried, or has been served.</summary>
    [Id(7)] public DeliveryFailure? Failure { get; init; }

    /// <summary>The sender has been notified that it takes longer.</summary>
    [Id(8)] public bool IsSenderWarned { get; init; }
}
