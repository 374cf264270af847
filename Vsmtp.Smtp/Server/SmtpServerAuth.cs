using System.Collections.Immutable;
using Vsmtp.Smtp.Server.Authentication;

namespace Vsmtp.Smtp.Server;

/// <summary>The AUTH that a listener's sessions offer (RFC 4954).</summary>
/// <param name="Mechanisms">In the order in which they are told to clients.</param>
public sealed record SmtpServerAuth(ImmutableArray<SaslMechanism> Mechanisms)
{
    /// <summary>AUTH without TLS is offered, and taken: a password may then be heard by others. Default: false.</summary>
    public bool IsAllowedInClear { get; init; }

    /// <summary>MAIL is for clients that have authenticated; others are answered 530. Default: false.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Attempts that a client may cancel; one more is answered 530 and ends the connection. -1: any number. Default: -1.</summary>
    public int MaxCancelled { get; init; } = -1;
}
