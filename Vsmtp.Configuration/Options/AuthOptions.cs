using System.Collections.Immutable;

namespace Vsmtp.Configuration.Options;

/// <summary>The table <c>[server.smtp.auth]</c>; without it there is no AUTH (RFC 4954).</summary>
public sealed record AuthOptions
{
    /// <summary>MAIL without AUTH is answered 530 5.7.0. Default: false.</summary>
    public bool MustBeAuthenticated { get; init; }

    /// <summary>AUTH is offered and taken without TLS, so that others may hear passwords. Default: false.</summary>
    public bool EnableDangerousMechanismInClair { get; init; }

    /// <summary>Offered, in this order, and taken. Default: PLAIN, LOGIN, and with <see cref="Users"/> SCRAM-SHA-256 before them.</summary>
    public ImmutableArray<AuthMechanism> Mechanisms { get; init; } = [AuthMechanism.Plain, AuthMechanism.Login];

    /// <summary>The file of users and their SCRAM-SHA-256 verifiers; null: rules alone know them. Default: null.</summary>
    public string? Users { get; init; }

    /// <summary>Where <see cref="Users"/> stands, for messages.</summary>
    public SourcePlace UsersPlace { get; init; } = new(null, 0, 0, null);

    /// <summary>Cancelled attempts that a client may make; null (-1 in the file): any number. Default: null.</summary>
    public int? AttemptCountMax { get; init; }
}
