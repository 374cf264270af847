using System.Collections.Immutable;

using Vsmtp.Smtp.Commands;

namespace Vsmtp.Smtp.Client;

/// <summary>One mail to one server.</summary>
public sealed record SmtpTransaction
{
    /// <summary>The reverse path without brackets; empty for the null path.</summary>
    public required string Sender { get; init; }

    /// <summary>At least one; offered in this order.</summary>
    public required ImmutableArray<SmtpTransactionRecipient> Recipients { get; init; }

    /// <summary>The message with CRLF line ends, not dot-stuffed; read once, from where it stands, after 354. The caller disposes it.</summary>
    public required Stream Content { get; init; }

    /// <summary>Octets of <see cref="Content"/>, for SIZE (RFC 1870 §6); null when not known.</summary>
    public long? Bytes { get; init; }

    /// <summary>The content has, or is said to have, octets above 127: BODY=8BITMIME (RFC 6152).</summary>
    public bool Is8Bit { get; init; }

    /// <summary>An address or a header has UTF-8: SMTPUTF8 is needed (RFC 6531 §3.4).</summary>
    public bool IsUtf8 { get; init; }

    /// <summary>The mail does not leave in clear, whatever <see cref="SmtpTls.Level"/> the connection was made with. Default: false.</summary>
    public bool RequiresTls { get; init; }

    /// <summary>RET (RFC 3461 §4.3), sent where DSN is announced.</summary>
    public string? Return { get; init; }

    /// <summary>ENVID in xtext (RFC 3461 §4.4), sent where DSN is announced.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>Told with XFORWARD where that is announced, as far as it is; null: not told.</summary>
    public XForwardAttributes? Origin { get; init; }
}

/// <summary>One recipient of a transaction.</summary>
/// <param name="Address">The forward path without brackets.</param>
/// <param name="Notify">NOTIFY (RFC 3461 §4.1), sent where DSN is announced.</param>
/// <param name="OriginalRecipient">ORCPT with its type, in xtext (RFC 3461 §4.2), sent where DSN is announced.</param>
public sealed record SmtpTransactionRecipient(string Address, string? Notify = null, string? OriginalRecipient = null);
