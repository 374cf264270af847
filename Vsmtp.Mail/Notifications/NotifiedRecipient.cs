namespace Vsmtp.Mail.Notifications;

/// <summary>What a notification says of one recipient (RFC 3464 §2.3).</summary>
public sealed record NotifiedRecipient
{
    /// <summary>The forward path without brackets: Final-Recipient.</summary>
    public required string Address { get; init; }

    public required DeliveryAction Action { get; init; }

    /// <summary>An enhanced status code (RFC 3463), as <c>5.1.1</c>.</summary>
    public required string Status { get; init; }

    /// <summary>In words for a person: who said what, or why not.</summary>
    public required string Explanation { get; init; }

    /// <summary>ORCPT as the client gave it, <c>rfc822;…</c> in xtext (RFC 3461 §4.2); null when not given.</summary>
    public string? OriginalRecipient { get; init; }

    /// <summary>The name of the server that decided; null when none did.</summary>
    public string? RemoteServer { get; init; }

    /// <summary>That server's reply, its lines with their codes; null when there was none.</summary>
    public string? Reply { get; init; }

    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>For <see cref="DeliveryAction.Delayed"/>: when it is given up.</summary>
    public DateTimeOffset? WillRetryUntil { get; init; }
}
