using System.Collections.Immutable;

namespace Vsmtp.Contracts.Mail;

/// <summary>Who sent a mail to whom, and over which connection it came. After a return it is still the original's (design rule 6).</summary>
[GenerateSerializer, Immutable, Alias("vsmtp.mail-envelope")]
public sealed record MailEnvelope
{
    /// <summary>The reverse path without brackets; empty for the null path (RFC 5321 §4.5.5).</summary>
    [Id(0)] public string Sender { get; init; } = "";

    [Id(1)] public ImmutableArray<MailRecipient> Recipients { get; init; } = [];

    [Id(2)] public string Helo { get; init; } = "";

    /// <summary><c>ip:port</c>, IPv6 in brackets.</summary>
    [Id(3)] public string ClientAddress { get; init; } = "";

    /// <summary>Our end of the connection, as <see cref="ClientAddress"/>.</summary>
    [Id(4)] public string ServerAddress { get; init; } = "";

    /// <summary><c>server.domain</c>, or the name that the client asked for in TLS, if it is one of ours.</summary>
    [Id(5)] public string ServerName { get; init; } = "";

    [Id(6)] public bool IsSecured { get; init; }

    [Id(7)] public bool IsAuthenticated { get; init; }

    [Id(8)] public DateTimeOffset ConnectedAt { get; init; }

    [Id(9)] public DateTimeOffset MailAt { get; init; }

    /// <summary>BODY=8BITMIME was given (RFC 6152).</summary>
    [Id(10)] public bool Is8Bit { get; init; }

    /// <summary>SMTPUTF8 was given (RFC 6531).</summary>
    [Id(11)] public bool IsUtf8 { get; init; }

    /// <summary>FULL or HDRS as given with RET (RFC 3461 §4.3); null when not given.</summary>
    [Id(12)] public string? Return { get; init; }

    /// <summary>The client's own ENVID as it came, in xtext (RFC 3461 §4.4); null when not given.</summary>
    [Id(13)] public string? EnvelopeId { get; init; }

    /// <summary>
    /// In which protocol it came, as our Received says it: SMTP, ESMTP, ESMTPS, UTF8SMTP and so on (RFC 3848, RFC 6531 §4.3); null when
    /// not known.
    /// </summary>
    [Id(14)] public string? Protocol { get; init; }

    /// <summary><c>TLSv1.2</c> or <c>TLSv1.3</c>; null when it came in clear, or before this was kept.</summary>
    [Id(15)] public string? TlsVersion { get; init; }

    /// <summary>The suite's registered name, as <c>TLS_AES_256_GCM_SHA384</c>; null as <see cref="TlsVersion"/>.</summary>
    [Id(16)] public string? TlsCipher { get; init; }

    /// <summary>
    /// Whom the client has shown to be, prepared (RFC 4013), or with ANONYMOUS what it says of itself; null when it has not authenticated.
    /// </summary>
    [Id(17)] public string? AuthenticatedAs { get; init; }

    /// <summary>The SASL name of the mechanism, as <c>SCRAM-SHA-256</c>; null as <see cref="AuthenticatedAs"/>.</summary>
    [Id(18)] public string? AuthMechanism { get; init; }

    /// <summary>Where the client says that it has the mail from; null where it says nothing, or may not.</summary>
    [Id(19)] public ToldOrigin? ToldOrigin { get; init; }
}
