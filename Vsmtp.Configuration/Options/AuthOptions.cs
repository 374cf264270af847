using System.Collections.Immutable;

namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.smtp.auth]</c>; without it there is no AUTH (RFC 4954). Not yet in effect.</summary>
public sealed record AuthOptions
{
    /// <summary>MAIL without AUTH is answered 530 5.7.0. Default: false.</summary>
    public bool MustBeAuthenticated { get; init; }

    /// <summary>Mechanisms that show the password are taken without TLS. Default: false.</summary>
    public bool EnableDangerousMechanismInClair { get; init; }

    /// <summary>Offered and taken. Default: PLAIN, LOGIN, CRAM-MD5.</summary>
    public ImmutableArray<AuthMechanism> Mechanisms { get; init; } =
        [AuthMechanism.Plain, AuthMechanism.Login, AuthMechanism.CramMd5];

    /// <summary>Cancelled attempts that a client may make; null (-1 in the file): any number. Default: null.</summary>
    public int? AttemptCountMax { get; init; }
}
